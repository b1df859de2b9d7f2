import type { Clock, Random } from '@parley/core'
import { TimerSet } from './embedded/transaction/timer-set.ts'
import type { GatewayHealth } from './gateway-health.ts'
import type { GatewayDirectory } from './resolve/gateway-directory.ts'
import type { SipStack } from './sip-stack.ts'
import type { TrunkConfig } from './trunk-config.ts'

/** Statuses that say that the gateway, or what is behind it, is out of order. */
const downStatuses = new Set([408, 503])

/** Asks the gateways of a trunk by OPTIONS how they are, and keeps the way to UDP gateways open. Where the trunk says so. */
export class GatewayWatch implements Disposable {
  private readonly directory: GatewayDirectory
  private readonly health: GatewayHealth
  private readonly random: Random
  private readonly timers: TimerSet<string>

  constructor(directory: GatewayDirectory, health: GatewayHealth, clock: Clock, random: Random) {
    this.directory = directory
    this.health = health
    this.random = random
    this.timers = new TimerSet(clock)
  }

  start(trunks: readonly TrunkConfig[], stack: SipStack): void {
    for (const trunk of trunks) {
      const { probe, keepaliveS } = trunk
      if (probe) this.repeat(`probe ${trunk.name}`, probe.everyS, () => this.probe(trunk, probe.everyS, stack))
      if (keepaliveS) this.repeat(`keepalive ${trunk.name}`, keepaliveS, () => this.keepAlive(trunk, stack))
    }
  }

  /** Ends what was begun for a trunk. */
  stop({ name }: TrunkConfig): void {
    this.timers.stop(`probe ${name}`)
    this.timers.stop(`keepalive ${name}`)
  }

  [Symbol.dispose](): void {
    this.timers.clear()
  }

  private repeat(name: string, everyS: number, act: () => void): void {
    // 90 to 110 %, so that many engines do not ask at the same time.
    const jitter = 0.9 + (this.random.bytes(1)[0] ?? 0) / 1_280
    this.timers.set(name, everyS * 1_000 * jitter, () => {
      act()
      this.repeat(name, everyS, act)
    })
  }

  private probe(trunk: TrunkConfig, everyS: number, stack: SipStack): void {
    for (const { gateway, hop } of this.directory.targetsOf(trunk)) {
      stack.probe?.(
        { hop, host: gateway.host, fromDomain: trunk.fromDomain ?? gateway.host },
        (status, retryAfterS) => {
          if (status !== undefined && !downStatuses.has(status)) {
            this.health.answered(hop)
            return
          }
          const detail = status === undefined ? 'no answer to OPTIONS' : `${status} to OPTIONS`
          const retry = retryAfterS === undefined ? {} : { retryAfterS }
          // Until the next probe has had its answer, at least.
          this.health.failed(hop, { detail, holdMs: everyS * 2_000, ...retry })
        },
      )
    }
  }

  private keepAlive(trunk: TrunkConfig, stack: SipStack): void {
    for (const { hop } of this.directory.targetsOf(trunk)) if (hop.transport === 'udp') stack.keepAlive?.(hop)
  }
}
