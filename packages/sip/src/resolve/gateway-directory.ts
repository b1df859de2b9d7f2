import type { Clock, Logger, Random } from '@parley/core'
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
  private readonly trunks: readonly TrunkConfig[]
  private readonly dns: DnsPort
  private readonly clock: Clock
  private readonly random: Random
  private readonly logger: Logger
  private readonly resolved = new Map<TrunkGateway, ResolvedTarget>()
  private timer: Disposable | undefined
  private disposed = false

  constructor(
    trunks: readonly TrunkConfig[],
    ports: { readonly dns: DnsPort; readonly clock: Clock; readonly random: Random; readonly logger: Logger },
  ) {
    this.trunks = trunks
    this.dns = ports.dns
    this.clock = ports.clock
    this.random = ports.random
    this.logger = ports.logger
    for (const trunk of trunks) {
      for (const gateway of trunk.gateways) {
        const literal = literalTarget(namedTarget(trunk, gateway))
        if (literal) this.resolved.set(gateway, literal)
      }
    }
  }

  /** Looks up every name, now and from then on. Resolves when they were found, or after 6 s. */
  async start(): Promise<void> {
    const named = this.trunks.flatMap((trunk) =>
      trunk.gateways.filter((gateway) => !this.resolved.has(gateway)).map((gateway) => ({ trunk, gateway })),
    )
    if (named.length === 0) return
    const round = async () => {
      await Promise.all(named.map(({ trunk, gateway }) => this.refresh(trunk, gateway)))
      if (!this.disposed) this.timer = this.clock.setTimer(this.clock.nowMs() + refreshMs, () => void round())
    }
    const { promise: late, resolve } = Promise.withResolvers<void>()
    using _deadline = this.clock.setTimer(this.clock.nowMs() + startMs, resolve)
    await Promise.race([round(), late])
  }

  /** Addresses of a trunk in the order to try them, drawn anew for each call. */
  targetsOf(trunk: TrunkConfig): readonly GatewayTarget[] {
    const gateways = trunk.gateways.map((gateway, index) => ({
      gateway,
      priority: gateway.priority ?? index,
      weight: gateway.weight ?? 1,
    }))
    const profile = profileOf(trunk)
    return orderByPriority(gateways, this.random).flatMap(({ gateway }) =>
      (this.resolved.get(gateway) ?? []).flatMap((group) =>
        orderByPriority(group, this.random).flatMap(({ transport, port, addresses }) =>
          addresses.map((host) => {
            const named = transport === 'tls' ? { serverName: trunk.tls?.serverName ?? gateway.host } : {}
            return { gateway, hop: { transport, host, port, profile, ...named } }
          }),
        ),
      ),
    )
  }

  /** Whether an address literal is one of the trunk's gateways. */
  isGateway(trunk: TrunkConfig, address: string): boolean {
    return trunk.gateways.some((gateway) =>
      this.resolved.get(gateway)?.some((group) => group.some(({ addresses }) => addresses.includes(address))),
    )
  }

  [Symbol.dispose](): void {
    this.disposed = true
    this.timer?.[Symbol.dispose]()
  }

  private async refresh(trunk: TrunkConfig, gateway: TrunkGateway): Promise<void> {
    try {
      const found = await resolveTarget(this.dns, namedTarget(trunk, gateway))
      if (found.length > 0) this.resolved.set(gateway, found)
      else this.logger.warn('gateway name has no address', { trunk: trunk.name, gateway: gateway.host })
    } catch (error) {
      const facts = { trunk: trunk.name, gateway: gateway.host, error: String(error) }
      this.logger.warn('gateway name could not be looked up', facts)
    }
  }
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
