import type { Clock, DialRequest, LegEvent, Logger } from '@parley/core'
import { composeInvite } from './compose-invite.ts'
import type { GatewayFailure } from './gateway-health.ts'
import type { GatewayTarget } from './resolve/gateway-directory.ts'
import type { LegCall, SipCall, SipCallEvent, SipHop, SipStack } from './sip-stack.ts'
import type { TrunkConfig } from './trunk-config.ts'

const defaultFirstResponseMs = 4_000
const defaultSetupMs = 120_000
/** Answers that speak of the gateway, not of the callee. */
const defaultFaults: readonly number[] = [408, 500, 502, 503, 504]

export interface OutgoingLegOptions {
  readonly stack: SipStack
  readonly clock: Clock
  readonly logger: Logger
  readonly trunk: TrunkConfig
  readonly request: DialRequest
  /** Addresses of gateways in the order to try them. */
  readonly targets: readonly GatewayTarget[]
  readonly emit: (event: LegEvent) => void
  readonly onGatewayAnswer: (hop: SipHop) => void
  readonly onGatewayFault: (hop: SipHop, failure: GatewayFailure) => void
  /** A call to one of them began. */
  readonly onAttempt?: (call: SipCall) => void
}

/**
 * An outgoing leg over as many gateways as it takes. The next gateway is tried only while no phone can have rung;
 * what comes after belongs to the gateway that made it ring.
 */
export class OutgoingLeg implements LegCall {
  private readonly options: OutgoingLegOptions
  private call: SipCall | undefined
  private attempt = 0
  private answeredAttempt = 0
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
    if (this.options.targets.length > 0) this.tryNext()
    else this.finish({ type: 'failed', cause: 'transport', detail: 'no address of a gateway is known' })
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

  replacesTarget(): string | undefined {
    return this.call?.replacesTarget()
  }

  sendKey(key: string, durationMs: number): void {
    this.call?.sendKey(key, durationMs)
  }

  private tryNext(): void {
    const { stack, trunk, request, clock, targets } = this.options
    const target = targets[this.attempt]
    if (!target) return
    const composed = composeInvite(trunk, target.gateway, target.hop, request, request.sdp)
    if (!composed) {
      this.finish({ type: 'failed', cause: 'protocol', detail: 'number is not dialable' })
      return
    }
    const invite = target.requestUri === undefined ? composed : { ...composed, requestUri: target.requestUri }
    this.attempt += 1
    const attempt = this.attempt
    const silenceMs = trunk.failover?.firstResponseMs ?? defaultFirstResponseMs
    this.silence = clock.setTimer(clock.nowMs() + silenceMs, () => this.silent(target))
    // Events of a gateway that was given up are nobody's business.
    const call = stack.invite(invite, (event) => attempt === this.attempt && this.receive(event, target))
    // It may have failed at once and handed over to the next one already.
    if (attempt === this.attempt) this.call = call
    this.options.onAttempt?.(call)
  }

  private receive(event: SipCallEvent, target: GatewayTarget): void {
    if (this.over) return
    this.silence?.[Symbol.dispose]()
    const failure = this.faultIn(event)
    if (!failure) this.noteAnswer(event, target)
    if (event.type === 'trying') return
    if (event.type === 'ringing') this.reachedPhone = true
    if (event.type === 'answered') this.deadline?.[Symbol.dispose]()
    if (failure) {
      this.noteFault(target, failure)
      if (this.mayTryNext()) {
        this.tryNext()
        return
      }
    }
    if (event.type === 'rejected' || event.type === 'failed' || event.type === 'bye') this.finish(event)
    else this.options.emit(event)
  }

  /** What the event says against the gateway; undefined once a phone rang, for then it is the callee's story. */
  private faultIn(event: SipCallEvent): GatewayFailure | undefined {
    if (this.reachedPhone) return undefined
    if (event.type === 'failed') {
      const { cause, detail } = event
      return cause === 'timeout' || cause === 'transport' ? { detail } : undefined
    }
    const faults = this.options.trunk.failover?.statuses ?? defaultFaults
    if (event.type !== 'rejected' || !faults.includes(event.status)) return undefined
    const retryAfterS = 'retryAfterS' in event ? event.retryAfterS : undefined
    return { detail: `${event.status} ${event.reason}`, ...(retryAfterS === undefined ? {} : { retryAfterS }) }
  }

  /** One per attempt is enough: any response proves that the gateway is there. */
  private noteAnswer(event: SipCallEvent, { hop }: GatewayTarget): void {
    if (this.answeredAttempt === this.attempt || event.type === 'failed' || this.hungUp) return
    this.answeredAttempt = this.attempt
    this.options.onGatewayAnswer(hop)
  }

  private noteFault({ gateway, hop }: GatewayTarget, failure: GatewayFailure): void {
    const { trunk, logger, onGatewayFault } = this.options
    const facts = { trunk: trunk.name, gateway: gateway.host, address: hop.host, detail: failure.detail }
    logger.warn('gateway does not serve', facts)
    onGatewayFault(hop, failure)
  }

  private mayTryNext(): boolean {
    return !this.hungUp && !this.reachedPhone && this.attempt < this.options.targets.length
  }

  /** Nothing came back in time: the attempt is left to die, the next gateway takes over. */
  private silent(target: GatewayTarget): void {
    if (this.over || this.hungUp) return
    const { call } = this
    this.noteFault(target, { detail: 'no response' })
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
