import type { LookupFunction } from 'node:net'
import { connectableAddresses, nameServers, type Resolve } from './public-addresses.ts'

/**
 * Resolves names for connections to addresses that somebody else chose, to public addresses only: a name that leads
 * inside fails as one that is not there. Not called for addresses written as such. `resolve`: default the name servers of
 * this machine.
 */
export function guardedLookup(resolve: Resolve = nameServers(false)): LookupFunction {
  return (hostname, options, callback) => {
    const fail = (reason: string) => callback(Object.assign(new Error(reason), { code: 'ENOTFOUND' }), '', 0)
    connectableAddresses(hostname, resolve, false).then(
      (addresses) => {
        const first = typeof addresses === 'string' ? undefined : addresses[0]
        if (typeof addresses === 'string' || !first) return fail(String(addresses))
        if (options.all) return callback(null, [...addresses])
        return callback(null, first.address, first.family)
      },
      () => fail('name not found'),
    )
  }
}
