import { lookup, Resolver } from 'node:dns/promises'
import type { DnsAnswer, DnsPort } from './dns-port.ts'

/** Node.js tells the lifetime of addresses only; other answers hold this long. Taste. */
const defaultTtlS = 60
/** Of "no such name". Short, because a record that was forgotten is soon added. */
const absentTtlS = 30
const absent = new Set(['ENOTFOUND', 'ENODATA', 'NXDOMAIN'])
const queryTimeoutMs = 1_500
const queryTries = 2

/** The name servers of this machine; addresses also from its hosts file and search domains. */
export function nodeDns(): DnsPort {
  const resolver = new Resolver({ timeout: queryTimeoutMs, tries: queryTries })
  return {
    naptr: (name) => answer(resolver.resolveNaptr(name)),
    srv: (name) =>
      answer(
        resolver.resolveSrv(name).then((all) => all.map(({ name: target, ...record }) => ({ ...record, target }))),
      ),
    addresses: (name) => addressesOf(resolver, name),
  }
}

async function answer<T>(query: Promise<readonly T[]>): Promise<DnsAnswer<T>> {
  try {
    return { records: await query, ttlS: defaultTtlS }
  } catch (error) {
    if (absent.has((error as NodeJS.ErrnoException).code ?? '')) return { records: [], ttlS: absentTtlS }
    throw error
  }
}

async function addressesOf(resolver: Resolver, name: string): Promise<DnsAnswer<string>> {
  // Short names live in the hosts file or a search domain, which only the system's own lookup knows.
  if (name.includes('.')) {
    const found = await Promise.allSettled([
      resolver.resolve4(name, { ttl: true }),
      resolver.resolve6(name, { ttl: true }),
    ])
    const records = found.flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
    if (records.length > 0) {
      return { records: records.map(({ address }) => address), ttlS: Math.min(...records.map(({ ttl }) => ttl)) }
    }
  }
  return answer(lookup(name, { all: true }).then((all) => all.map(({ address }) => address)))
}
