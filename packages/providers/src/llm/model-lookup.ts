import { lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { isInternalHost } from '@parley/core'

/**
 * Resolves the names of models where private hosts may not be named: public names to public addresses only. A name of
 * the inside is refused in requests by its text; the one that arrives here was written by the operator, and is resolved
 * as this machine does.
 */
export function modelLookup(guarded: LookupFunction): LookupFunction {
  return (hostname, options, callback) =>
    isInternalHost(hostname) ? lookup(hostname, options, callback) : guarded(hostname, options, callback)
}
