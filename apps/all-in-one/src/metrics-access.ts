import { Secret } from '@parley/core'
import { isLoopback } from '@parley/runtime'

/** Who may read the metrics: whoever has the token; without one everybody, as long as only this machine can ask. */
export function metricsAccess(bindHost: string, token: string): 'open' | 'closed' | Secret {
  if (token) return new Secret(token)
  return isLoopback(bindHost) ? 'open' : 'closed'
}
