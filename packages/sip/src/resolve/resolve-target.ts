import { isIP } from 'node:net'
import { defaultPort } from '../embedded/message/sip-uri.ts'
import type { SipTransportName } from '../trunk-config.ts'
import type { DnsPort, NaptrRecord } from './dns-port.ts'
import type { Preferred } from './order-by-priority.ts'

/** What is to be found. What is absent is left to DNS. */
export interface NamedTarget {
  /** Address literal or name. */
  readonly host: string
  readonly port?: number
  readonly transport?: SipTransportName
  /** TLS and nothing else, whatever DNS says. */
  readonly secure?: boolean
}

interface ResolvedServer extends Preferred {
  readonly transport: SipTransportName
  readonly port: number
  readonly addresses: readonly string[]
}

/** Groups of servers: all of the first before any of the second. */
export type ResolvedTarget = readonly (readonly ResolvedServer[])[]

const services: Readonly<Record<string, SipTransportName>> = { 'SIP+D2U': 'udp', 'SIP+D2T': 'tcp', 'SIPS+D2T': 'tls' }
const srvPrefix = { udp: '_sip._udp', tcp: '_sip._tcp', tls: '_sips._tcp' } as const
/** More targets of a name than this are not looked at. */
const maxServers = 16

/** The target of an address literal, which needs no name service; undefined for a name. */
export function literalTarget(target: NamedTarget): ResolvedTarget | undefined {
  return isIP(target.host) === 0 ? undefined : [[server(target, [target.host])]]
}

/**
 * NAPTR, then SRV, then addresses, as far as the target leaves things open. No answer holds an empty address list.
 * @throws when the name service fails
 * @see RFC 3263 sections 4.1 and 4.2 {@link https://www.rfc-editor.org/rfc/rfc3263#section-4}
 */
export async function resolveTarget(dns: DnsPort, target: NamedTarget): Promise<ResolvedTarget> {
  const literal = literalTarget(target)
  if (literal) return literal
  let failure: unknown
  // A name of one label is of the local network, where nobody keeps service records.
  if (target.port === undefined && target.host.includes('.')) {
    try {
      const named = await byService(dns, target)
      if (named.length > 0) return named
    } catch (error) {
      failure = error // the hosts file may know its address
    }
  }
  const { records } = await dns.addresses(target.host)
  if (records.length > 0) return [[server(target, records)]]
  if (failure !== undefined) throw failure
  return []
}

async function byService(dns: DnsPort, target: NamedTarget): Promise<ResolvedTarget> {
  const only = target.transport ?? (target.secure ? 'tls' : undefined)
  if (only) return groups([await servers(dns, `${srvPrefix[only]}.${target.host}`, only)])
  const pointers = orderNaptr((await dns.naptr(target.host)).records)
  if (pointers.length > 0) {
    return groups(await Promise.all(pointers.map(({ name, transport }) => servers(dns, name, transport))))
  }
  // TLS is not guessed: who wants it says so, in the configuration or by NAPTR.
  const guessed = ['udp', 'tcp'] as const
  return groups(await Promise.all(guessed.map((name) => servers(dns, `${srvPrefix[name]}.${target.host}`, name))))
}

/** Usable records in the order of their owner's preference. @see RFC 3263 section 4.1 */
export function orderNaptr(records: readonly NaptrRecord[]): { name: string; transport: SipTransportName }[] {
  return records
    .toSorted((a, b) => a.order - b.order || a.preference - b.preference)
    .flatMap(({ flags, service, replacement }) => {
      const transport = services[service.toUpperCase()]
      return transport && flags.toLowerCase() === 's' && replacement ? [{ name: replacement, transport }] : []
    })
    .slice(0, maxServers)
}

async function servers(dns: DnsPort, name: string, transport: SipTransportName): Promise<readonly ResolvedServer[]> {
  const { records } = await dns.srv(name)
  // A single "." says that the service is decidedly not there. @see RFC 2782
  const usable = records.filter(({ target, port }) => target !== '' && target !== '.' && port > 0).slice(0, maxServers)
  const resolved = await Promise.allSettled(
    usable.map(async ({ target, port, priority, weight }) => {
      const { records: addresses } = await dns.addresses(target)
      return { transport, port, priority, weight, addresses }
    }),
  )
  const found = resolved.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  return found.filter(({ addresses }) => addresses.length > 0)
}

const groups = (all: readonly (readonly ResolvedServer[])[]): ResolvedTarget => all.filter(({ length }) => length > 0)

function server(target: NamedTarget, addresses: readonly string[]): ResolvedServer {
  const transport = target.transport ?? (target.secure ? 'tls' : 'udp')
  return { transport, port: target.port ?? defaultPort(transport), priority: 0, weight: 0, addresses }
}
