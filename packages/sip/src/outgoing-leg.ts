import type { Clock, DialRequest, LegEvent, Logger } from '@parley/core'
import { composeInvite } from './compose-invite.ts'
import type { SipCall, SipCallEvent, SipStack } from './sip-stack.ts'
import type { TrunkConfig, TrunkGateway } from './trunk-config.ts'
import { profileOf } from './trunk-profile.ts'

/** How long a gateway may be silent before the next one is tried. */
const firstResponseMs = 4_000
const defaultSetupMs = 120_000
/** Answers that speak of the gateway, not of the callee. */
const gatewayFaults = new Set([408, 500, 502, 503, 504])

export interface OutgoingLegOptions {
  readonly stack: SipStack
  readonly clock: Clock
  readonly logger: Logger
  readonly trunk: TrunkConfig
  readonly request: DialRequest
  /** Gateways in the order to try them. */
  readonly gateways: readonly TrunkGateway[]
  readonly emit: (event: LegEvent) => void
  readonly onGatewayFault: (gateway: TrunkGateway) => void
}

/**
 * An outgoing leg over as many gateways as it takes. The next gateway is tried only while no phone can have rung;
 * what comes after belongs to the gateway that made it ring.
 */
export class OutgoingLeg implements SipCall {
  private readonly options: OutgoingLegOptions
  private call: SipCall | undefined
  private attempt = 0
  private silence: Disposable | undefined
  private deadline: Disposable | undefined
  private reachedPhone = false
  private hungUp = false
  private over = false

  constructor(options: OutgoingLegOptions) {
    this.options = options
  }

  start(): void {
    const { clock, trunk } = this.options
    this.deadline = clock.setTimer(clock.nowMs() + (trunk.setupTimeoutMs ?? defaultSetupMs), () => this.expire())
    this.tryNext()
  }

  hangup(reason?: string): void {
    if (this.over) return
    this.hungUp = true
    this.call?.hangup(reason)
  }

  reanswer(id: number, sdp: string): void {
    this.call?.reanswer(id, sdp)
  }

  refuse(id: number, status: number): void {
    this.call?.refuse(id, status)
  }

  reoffer(id: number, sdp: string): void {
    this.call?.reoffer(id, sdp)
  }

  refer(uri: string): void {
    this.call?.refer(uri)
  }

  sendKey(key: string, durationMs: number): void {
    this.call?.sendKey(key, durationMs)
  }

  private tryNext(): void {
    const { stack, trunk, request, clock, gateways } = this.options
    const gateway = gateways[this.attempt]
    if (!gateway) return
    const invite = composeInvite(trunk, gateway, { ...gateway, profile: profileOf(trunk) }, request, request.sdp)
    if (!invite) {
      this.finish({ type: 'failed', cause: 'protocol', detail: 'number is not dialable' })
      return
    }
    this.attempt += 1
    const attempt = this.attempt
    this.silence = clock.setTimer(clock.nowMs() + firstResponseMs, () => this.silent(gateway))
    // Events of a gateway that was given up are nobody's business.
    this.call = stack.invite(invite, (event) => attempt === this.attempt && this.receive(event, gateway))
  }

  private receive(event: SipCallEvent, gateway: TrunkGateway): void {
    if (this.over) return
    this.silence?.[Symbol.dispose]()
    if (event.type === 'trying') return
    if (event.type === 'ringing') this.reachedPhone = true
    if (event.type === 'answered') this.deadline?.[Symbol.dispose]()
    if (this.isGatewayFault(event)) {
      this.options.onGatewayFault(gateway)
      if (this.mayTryNext()) {
        this.tryNext()
        return
      }
    }
    if (event.type === 'rejected' || event.type === 'failed' || event.type === 'bye') this.finish(event)
    else this.options.emit(event)
  }

  private isGatewayFault(event: SipCallEvent): boolean {
    if (event.type === 'rejected') return gatewayFaults.has(event.status) && !this.reachedPhone
    return event.type === 'failed' && (event.cause === 'timeout' || event.cause === 'transport') && !this.reachedPhone
  }

  private mayTryNext(): boolean {
    return !this.hungUp && !this.reachedPhone && this.attempt < this.options.gateways.length
  }

  /** Nothing came back in time: the attempt is left to die, the next gateway takes over. */
  private silent(gateway: TrunkGateway): void {
    if (this.over || this.hungUp) return
    this.options.logger.warn('gateway is silent', { trunk: this.options.trunk.name, gateway: gateway.host })
    const { call } = this
    this.options.onGatewayFault(gateway)
    if (this.mayTryNext()) this.tryNext()
    else this.finish({ type: 'failed', cause: 'timeout', detail: 'no response from any gateway' })
    call?.hangup()
  }

  private expire(): void {
    const { call } = this
    // A phone that rang all the time is nobody's fault: the same event as when the far end gives up.
    if (this.reachedPhone) this.finish({ type: 'rejected', status: 408, reason: 'nobody answered in time' })
    else this.finish({ type: 'failed', cause: 'timeout', detail: 'set-up deadline' })
    call?.hangup()
  }

  private finish(event: LegEvent): void {
    if (this.over) return
    this.over = true
    this.silence?.[Symbol.dispose]()
    this.deadline?.[Symbol.dispose]()
    this.options.emit(event)
  }
}
