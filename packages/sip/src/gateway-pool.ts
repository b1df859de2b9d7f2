import type { Clock, Logger, Random } from '@parley/core'
import { type GatewayFailure, GatewayHealth, type GatewayState } from './gateway-health.ts'
import { GatewayWatch } from './gateway-watch.ts'
import { DnsCache } from './resolve/dns-cache.ts'
import type { DnsPort } from './resolve/dns-port.ts'
import { GatewayDirectory, type GatewayTarget } from './resolve/gateway-directory.ts'
import type { SipHop, SipStack } from './sip-stack.ts'
import type { TrunkConfig } from './trunk-config.ts'

export interface GatewayPoolPorts {
  readonly dns: DnsPort
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
}

/** Addresses tried for one call, at most. Taste: more than a caller waits for. */
const maxTargets = 8

/** The gateways of all trunks: where they are, how they do, and in which order to try them. */
export class GatewayPool implements Disposable {
  private trunks: readonly TrunkConfig[]
  private readonly directory: GatewayDirectory
  private readonly health: GatewayHealth
  private readonly watch: GatewayWatch

  constructor(trunks: readonly TrunkConfig[], ports: GatewayPoolPorts) {
    this.trunks = trunks
    this.directory = new GatewayDirectory(trunks, { ...ports, dns: new DnsCache(ports.dns, ports.clock) })
    this.health = new GatewayHealth(ports.clock)
    this.watch = new GatewayWatch(this.directory, this.health, ports.clock, ports.random)
  }

  /** Looks up names and begins to watch; bounded in time. */
  async start(stack: SipStack): Promise<void> {
    await this.directory.start()
    this.watch.start(this.trunks, stack)
  }

  /**
   * Looks up what is new among these trunks; bounded in time. `swap`: called once that is known, when the new trunks serve and
   * the old ones do so no more.
   */
  async replace(trunks: readonly TrunkConfig[], stack: SipStack, swap: () => void): Promise<void> {
    const added = trunks.filter((trunk) => !this.trunks.includes(trunk))
    const gone = this.trunks.filter((trunk) => !trunks.includes(trunk))
    await Promise.all(added.map((trunk) => this.directory.include(trunk)))
    try {
      swap()
    } catch (error) {
      for (const trunk of added) this.directory.exclude(trunk)
      throw error
    }
    this.trunks = trunks
    for (const trunk of gone) {
      this.directory.exclude(trunk)
      this.watch.stop(trunk)
      if (!trunks.some(({ name }) => name === trunk.name)) this.health.forget(trunk.name)
    }
    this.watch.start(added, stack)
  }

  /** For one call: those that are up first, then those that failed lately. */
  targetsOf(trunk: TrunkConfig): readonly GatewayTarget[] {
    const all = this.directory.targetsOf(trunk)
    const isUp = ({ hop }: GatewayTarget) => this.health.isUp(hop)
    return [...all.filter(isUp), ...all.filter((target) => !isUp(target))].slice(0, maxTargets)
  }

  isGateway(trunk: TrunkConfig, address: string): boolean {
    return this.directory.isGateway(trunk, address)
  }

  answered(hop: SipHop): void {
    this.health.answered(hop)
  }

  failed(hop: SipHop, failure: GatewayFailure): void {
    this.health.failed(hop, failure)
  }

  states(): readonly GatewayState[] {
    return this.health.states()
  }

  [Symbol.dispose](): void {
    this.watch[Symbol.dispose]()
    this.directory[Symbol.dispose]()
  }
}
