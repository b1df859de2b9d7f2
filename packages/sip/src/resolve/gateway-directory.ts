import type { Clock, Logger, Random } from '@parley/core'
import { parseUri } from '../embedded/message/sip-uri.ts'
import type { SipHop } from '../sip-stack.ts'
import type { TrunkConfig, TrunkGateway } from '../trunk-config.ts'
import { profileOf } from '../trunk-profile.ts'
import type { DnsPort } from './dns-port.ts'
import { orderByPriority } from './order-by-priority.ts'
import { literalTarget, type NamedTarget, type ResolvedTarget, resolveTarget } from './resolve-target.ts'

/** One address of a gateway. */
export interface GatewayTarget {
  readonly gateway: TrunkGateway
  readonly hop: SipHop
  /** Instead of one made of the number and the gateway: the address a telephone registered. */
  readonly requestUri?: string
}

/** Names are looked at this often; the cache decides whether DNS is asked. */
const refreshMs = 10_000
/** How long a start waits for slow name servers. */
const startMs = 6_000

/**
 * Where the gateways of all trunks are, looked up ahead of calls so that none waits for DNS. What was found last stays
 * until something else is found.
 */
export class GatewayDirectory implements Disposable {
  private lookups: readonly Lookup[] = []
  private readonly dns: DnsPort
  private readonly clock: Clock
  private readonly random: Random
  private readonly logger: Logger
  private readonly resolved = new Map<TrunkGateway | TrunkConfig, ResolvedTarget>()
  /** Told already; nobody wants to read it every ten seconds. */
  private readonly failing = new Set<Lookup>()
  private timer: Disposable | undefined
  private disposed = false

  constructor(
    trunks: readonly TrunkConfig[],
    ports: { readonly dns: DnsPort; readonly clock: Clock; readonly random: Random; readonly logger: Logger },
  ) {
    this.dns = ports.dns
    this.clock = ports.clock
    this.random = ports.random
    this.logger = ports.logger
    for (const trunk of trunks) this.add(trunk)
  }

  /** Its names are looked up from now on. Resolves when they were found, or after 6 s. */
  async include(trunk: TrunkConfig): Promise<void> {
    const added = this.add(trunk)
    if (added.length > 0) await this.withinStart(Promise.all(added.map((lookup) => this.refresh(lookup))))
  }

  /** Its gateways are forgotten. */
  exclude(trunk: TrunkConfig): void {
    for (const owner of [trunk, ...trunk.gateways]) this.resolved.delete(owner)
    this.lookups = this.lookups.filter((lookup) => lookup.trunk !== trunk)
  }

  /** Looks up every name, now and from then on. Resolves when they were found, or after 6 s. */
  async start(): Promise<void> {
    const round = async () => {
      await Promise.all(this.lookups.map((lookup) => this.refresh(lookup)))
      if (!this.disposed) this.timer = this.clock.setTimer(this.clock.nowMs() + refreshMs, () => void round())
    }
    await this.withinStart(round())
  }

  private async withinStart(work: Promise<unknown>): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>()
    using _deadline = this.clock.setTimer(this.clock.nowMs() + startMs, resolve)
    await Promise.race([work, late])
  }

  /** The names among its gateways; addresses need no looking up. */
  private add(trunk: TrunkConfig): readonly Lookup[] {
    const names = lookupsOf(trunk).filter(({ owner, target }) => {
      const literal = literalTarget(target)
      if (literal) this.resolved.set(owner, literal)
      return !literal
    })
    this.lookups = [...this.lookups, ...names]
    return names
  }

  /** Addresses of a trunk in the order to try them, drawn anew for each call. With a proxy they are its addresses. */
  targetsOf(trunk: TrunkConfig): readonly GatewayTarget[] {
    const profile = profileOf(trunk)
    const proxy = proxyOf(trunk)
    return this.inOrder(trunk.gateways).flatMap((gateway) =>
      (this.resolved.get(proxy ? trunk : gateway) ?? []).flatMap((group) =>
        orderByPriority(group, this.random).flatMap(({ transport, port, addresses }) =>
          addresses.map((host) => {
            const serverName = trunk.tls?.serverName ?? proxy?.host ?? gateway.host
            return { gateway, hop: { transport, host, port, profile, ...(transport === 'tls' && { serverName }) } }
          }),
        ),
      ),
    )
  }

  /** Whether an address literal is one of the trunk's gateways, or its proxy. */
  isGateway(trunk: TrunkConfig, address: string): boolean {
    return [trunk, ...trunk.gateways].some((owner) =>
      this.resolved.get(owner)?.some((group) => group.some(({ addresses }) => addresses.includes(address))),
    )
  }

  [Symbol.dispose](): void {
    this.disposed = true
    this.timer?.[Symbol.dispose]()
  }

  /** By priority; within one by weight, or as listed when nobody gave a weight. */
  private inOrder(gateways: readonly TrunkGateway[]): readonly TrunkGateway[] {
    const rank = ({ priority = 0 }: TrunkGateway) => priority
    if (gateways.every(({ weight }) => weight === undefined)) return gateways.toSorted((a, b) => rank(a) - rank(b))
    const weighted = gateways.map((gateway) => ({ gateway, priority: rank(gateway), weight: gateway.weight ?? 1 }))
    return orderByPriority(weighted, this.random).map(({ gateway }) => gateway)
  }

  private async refresh(lookup: Lookup): Promise<void> {
    try {
      const found = await resolveTarget(this.dns, lookup.target)
      if (found.length === 0) throw new Error('the name has no address')
      // Taken out meanwhile.
      if (!this.lookups.includes(lookup)) return
      this.resolved.set(lookup.owner, found)
      this.failing.delete(lookup)
    } catch (error) {
      if (this.failing.has(lookup)) return
      this.failing.add(lookup)
      const facts = { trunk: lookup.trunk.name, gateway: lookup.target.host, error: String(error) }
      this.logger.warn('gateway name could not be resolved', facts)
    }
  }
}

/** `owner`: whose addresses these are; those of a proxy are the trunk's. */
interface Lookup {
  readonly trunk: TrunkConfig
  readonly owner: TrunkGateway | TrunkConfig
  readonly target: NamedTarget
}

function lookupsOf(trunk: TrunkConfig): Lookup[] {
  const proxy = proxyOf(trunk)
  // Gateways behind a proxy may still call in themselves.
  const gateways = trunk.gateways.map((owner) => ({ trunk, owner, target: namedTarget(trunk, owner) }))
  return proxy ? [{ trunk, owner: trunk, target: proxy }, ...gateways] : gateways
}

function proxyOf(trunk: TrunkConfig): NamedTarget | undefined {
  const { outboundProxy } = trunk
  const text = outboundProxy && (/^sips?:/.test(outboundProxy) ? outboundProxy : `sip:${outboundProxy}`)
  const uri = text ? parseUri(text) : undefined
  if (!uri) return undefined
  const named = uri.params.get('transport')
  const transport = named === 'udp' || named === 'tcp' || named === 'tls' ? named : undefined
  const { host, port } = uri
  return namedTarget(trunk, {
    host,
    ...(port === undefined ? {} : { port }),
    ...(uri.scheme === 'sips' ? { transport: 'tls' } : transport && { transport }),
  })
}

/** A trunk with TLS settings is never led away from TLS by DNS. */
function namedTarget(trunk: TrunkConfig, { host, port, transport }: TrunkGateway): NamedTarget {
  return {
    host,
    secure: trunk.tls !== undefined,
    ...(port === undefined ? {} : { port }),
    ...(transport === undefined ? {} : { transport }),
  }
}
