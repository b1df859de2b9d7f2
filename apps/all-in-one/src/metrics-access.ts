import { isIP } from 'node:net'
import { Secret } from '@parley/core'

/** Who may read the metrics: whoever has the token; without one everybody, as long as only this machine can ask. */
export function metricsAccess(bindHost: string, token: string): 'open' | 'closed' | Secret {
  if (token) return new Secret(token)
  const isLoopback =
    bindHost === 'localhost' || bindHost === '::1' || (isIP(bindHost) === 4 && bindHost.startsWith('127.'))
  return isLoopback ? 'open' : 'closed'
}
