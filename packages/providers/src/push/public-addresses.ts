import type { LookupAddress } from 'node:dns'
import { lookup, Resolver } from 'node:dns/promises'
import { isIP } from 'node:net'
import { isInternalHost } from '@parley/core'

/** All addresses of a name; empty when there is none. */
export type Resolve = (name: string) => Promise<readonly string[]>

const queryTimeoutMs = 2_000
const queryTries = 2

/**
 * The name servers of this machine, asked without its resolver library: a name server that hangs must not fill the few
 * threads in which that waits for the look-ups of calls. `hostsToo`: names without an answer are then looked for in the
 * hosts file and search domains, which lead inside only.
 */
export function nameServers(hostsToo: boolean): Resolve {
  const resolver = new Resolver({ timeout: queryTimeoutMs, tries: queryTries })
  return async (name) => {
    const found = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
    const addresses = found.flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
    if (addresses.length > 0 || !hostsToo) return addresses
    return lookup(name, { all: true }).then(
      (all) => all.map(({ address }) => address),
      () => [],
    )
  }
}

/**
 * Where a connection to `hostname` (as `URL` gives it) may go. With `allowPrivate` false every address must be public: a
 * name with one address inside is refused whole, since who owns the name chooses the order.
 */
export async function connectableAddresses(
  hostname: string,
  resolve: Resolve,
  allowPrivate: boolean,
): Promise<readonly LookupAddress[] | 'private address' | 'name not found'> {
  const host = hostname.replace(/^\[|\]$/g, '')
  if (!allowPrivate && isInternalHost(host)) return 'private address'
  const addresses = isIP(host) ? [host] : await resolve(host)
  if (addresses.length === 0) return 'name not found'
  if (!allowPrivate && addresses.some(isInternalHost)) return 'private address'
  return addresses.map((address) => ({ address, family: isIP(address) }))
}
