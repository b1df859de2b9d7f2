import {
  Channel,
  type Clock,
  type DialRequest,
  type InviteHandler,
  type LegCommand,
  type LegEvent,
  type LegId,
  type Logger,
  legId,
  type Random,
  type Signalling,
  type SignallingMessage,
} from '@parley/core'
import { withMeaning } from './cause-map.ts'
import { incomingSettingsOf } from './dialog-policy.ts'
import type { GatewayState } from './gateway-health.ts'
import type { GatewayPool } from './gateway-pool.ts'
import { InboundGuard } from './inbound-guard.ts'
import { refusalOf } from './inbound-refusal.ts'
import { variablesOf } from './inbound-variables.ts'
import type { MessageLog } from './ladder/message-log.ts'
import { OutgoingLeg } from './outgoing-leg.ts'
import { type PhoneBook, phoneTrunk } from './phones/phone-book.ts'
import type {
  InboundAccount,
  IncomingSipCall,
  LegCall,
  SipStack,
  SipStackCounters,
  SipStackOwner,
} from './sip-stack.ts'
import type { TrunkBook } from './trunk-book.ts'
import type { SipTransportName, TrunkConfig } from './trunk-config.ts'
import { credentialsOf } from './trunk-credentials.ts'
import { profileOf } from './trunk-profile.ts'

export interface TrunkSignallingOptions {
  readonly trunks: TrunkBook
  readonly gateways: GatewayPool
  readonly onInvite: InviteHandler
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Telephones that register here; legs to and from them name their trunk. */
  readonly phones: PhoneBook
  /** Keeps the messages of calls. */
  readonly messages?: MessageLog
}

/** Incoming calls turned away since start. `declined`: by whoever was offered the call. */
export type RefusalCounts = Readonly<Record<'unknownNumber' | 'concurrency' | 'rate' | 'declined', number>>

/** Events a leg may have waiting; a reader that is slower than this loses the oldest. */
const maxWaitingEvents = 64
/** How long the events of a finished incoming leg wait for their reader. */
const unreadMs = 32_000

interface Leg {
  readonly events: Channel<LegEvent>
  call: LegCall | undefined
  /** In the limits of the trunk an incoming call came by, or at the telephone that is called. */
  readonly place?: Disposable
  /** Somebody reads the events. */
  isRead?: boolean
}

/** `Signalling` over trunks: which gateway to dial, who may call in, and the events of each leg. */
export class TrunkSignalling implements Signalling, SipStackOwner {
  private readonly options: TrunkSignallingOptions
  private readonly guard: InboundGuard
  private readonly legs = new Map<LegId, Leg>()
  /** Finished incoming legs that nobody has read yet. */
  private readonly unread = new Map<LegId, { readonly events: Channel<LegEvent>; readonly timer: Disposable }>()
  private stack: SipStack | undefined
  private draining = false
  private readonly refused = { unknownNumber: 0, concurrency: 0, rate: 0, declined: 0 }

  constructor(options: TrunkSignallingOptions) {
    this.options = options
    this.guard = new InboundGuard(options.clock)
  }

  /** Connects the stack; before that nothing can be dialled. */
  attach(stack: SipStack): void {
    this.stack = stack
  }

  get counters(): SipStackCounters {
    return this.stack?.counters ?? { received: 0, malformed: 0, dropped: 0, refused: 0, live: 0 }
  }

  /** Every address of a gateway that was tried or asked, for metrics and health. */
  gatewayStates(): readonly GatewayState[] {
    return this.options.gateways.states()
  }

  get refusals(): RefusalCounts {
    return this.refused
  }

  /** Legs that are not over. */
  get liveLegs(): number {
    return this.legs.size
  }

  /** From now on new INVITEs and OPTIONS get 503 with Retry-After; calls go on. */
  drain(): void {
    this.draining = true
  }

  dial(request: DialRequest, signal: AbortSignal): AsyncIterable<LegEvent> {
    const events = new Channel<LegEvent>(maxWaitingEvents, 'drop-oldest')
    const phone = this.options.phones.route(request.trunk, request.callee)
    if (phone?.kind === 'refused') {
      events.push({ type: 'rejected', status: phone.status, reason: phone.reason })
      events.close()
      return events
    }
    const trunk = phone?.trunk ?? this.options.trunks.find(request.trunk)
    if (!trunk || !this.stack || this.legs.has(request.leg)) {
      events.push({ type: 'failed', cause: 'protocol', detail: trunk ? 'leg exists already' : 'no such trunk' })
      phone?.place[Symbol.dispose]()
      events.close()
      return events
    }
    const onAbort = () => call.hangup()
    const call = new OutgoingLeg({
      stack: this.stack,
      clock: this.options.clock,
      logger: this.options.logger.child({ leg: request.leg }),
      trunk,
      request,
      targets: phone?.targets ?? this.options.gateways.targetsOf(trunk),
      emit: (event) => {
        if (this.deliver(request.leg, withMeaning(event, trunk.causes))) signal.removeEventListener('abort', onAbort)
      },
      onAttempt: (attempt) => this.options.messages?.bind(request.leg, attempt.sipCallId),
      // A telephone is no gateway: whether it answers says nothing about a carrier.
      onGatewayAnswer: (hop) => phone ?? this.options.gateways.answered(hop),
      onGatewayFault: (hop, failure) => phone ?? this.options.gateways.failed(hop, failure),
    })
    this.legs.set(request.leg, { events, call, ...(phone && { place: phone.place }) })
    if (signal.aborted) {
      this.deliver(request.leg, { type: 'rejected', status: 487, reason: 'aborted before dialling' })
      return events
    }
    signal.addEventListener('abort', onAbort, { once: true })
    call.start()
    return events
  }

  events(leg: LegId): AsyncIterable<LegEvent> {
    const unread = this.unread.get(leg)
    unread?.timer[Symbol.dispose]()
    this.unread.delete(leg)
    const live = this.legs.get(leg)
    if (live) live.isRead = true
    const events = live?.events ?? unread?.events
    if (events) return events
    const none = new Channel<LegEvent>(1, 'drop-oldest')
    none.close()
    return none
  }

  async command(leg: LegId, command: LegCommand): Promise<void> {
    const call = this.legs.get(leg)?.call
    switch (command.type) {
      case 'hangup':
        return call?.hangup(command.reason)
      case 'reanswer':
        return call?.reanswer(command.id, command.sdp)
      case 'refuse':
        return call?.refuse(command.id, command.status)
      case 'reoffer':
        return call?.reoffer(command.id, command.sdp)
      case 'refer':
        return call?.refer(command.uri)
      case 'refer.into':
        return this.referInto(leg, command.leg)
      case 'dtmf':
        return call?.sendKey(command.key, command.durationMs)
      default:
        command satisfies never
    }
  }

  private referInto(leg: LegId, other: LegId): void {
    const target = this.legs.get(other)?.call?.replacesTarget()
    if (target === undefined) this.deliver(leg, { type: 'transfer', status: 481 })
    else this.legs.get(leg)?.call?.refer(target)
  }

  takeMessages(leg: LegId, isLast: boolean): readonly SignallingMessage[] {
    const messages = this.options.messages?.take(leg) ?? []
    if (isLast) this.options.messages?.forget(leg)
    return messages
  }

  knowsSource(address: string, transport: SipTransportName): boolean {
    return this.options.trunks.knowsSource(address, transport)
  }

  inboundAccounts(source: string, transport: SipTransportName): readonly InboundAccount[] {
    return this.options.trunks.inboundAccounts(source, transport)
  }

  isDraining(): boolean {
    return this.draining
  }

  get phones(): PhoneBook {
    return this.options.phones
  }

  onInvite(call: IncomingSipCall): void {
    const { phone } = call
    if (phone) {
      // Whose numbers there are is known to whoever answers.
      void this.offer(call, phoneTrunk(phone), call.calledUsers[0] ?? '', this.phones.take(phone))
      return
    }
    const match = this.options.trunks.match(call, call.calledUsers, call.account)
    if (match.kind === 'unknownNumber') {
      this.options.logger.info('call for an unknown number', { source: call.source, 'pii.called': call.calledUsers })
      this.refused.unknownNumber += 1
      const { status } = refusalOf(match.trunk ?? {}, 'unknownNumber')
      call.reject(status, '')
      return
    }
    const { trunk, number } = match
    const admission = this.guard.admit(trunk, number, call.source)
    if (admission.kind === 'refused') {
      this.refused[admission.reason] += 1
      const { status, retryAfterS } = refusalOf(trunk, admission.reason)
      this.options.logger.warn('call over a limit', { trunk: trunk.name, limit: admission.reason, source: call.source })
      call.reject(status, '', retryAfterS)
      return
    }
    void this.offer(call, trunk, number, admission.place)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.draining = true
    this.options.gateways[Symbol.dispose]()
    for (const { call } of [...this.legs.values()]) call?.hangup('shutting down')
    await this.stack?.[Symbol.asyncDispose]()
    for (const leg of [...this.legs.keys()]) this.deliver(leg, { type: 'bye' })
    for (const { timer } of this.unread.values()) timer[Symbol.dispose]()
    this.unread.clear()
  }

  private async offer(call: IncomingSipCall, trunk: TrunkConfig, number: string, place: Disposable): Promise<void> {
    const leg = legId(this.options.random.uuid())
    const abort = new AbortController()
    const events = new Channel<LegEvent>(maxWaitingEvents, 'drop-oldest')
    this.legs.set(leg, { events, call, place })
    this.options.messages?.bind(leg, call.sipCallId)
    call.listen(
      (event) => {
        if (event.type === 'trying') return
        const isRead = this.legs.get(leg)?.isRead ?? false
        if (this.deliver(leg, event)) {
          if (!isRead) this.keepUnread(leg, events)
          abort.abort(new Error('the caller gave up'))
        }
      },
      credentialsOf(trunk),
      { ...incomingSettingsOf(trunk), profile: profileOf(trunk) },
    )
    call.ring()
    try {
      const { phone, sdp } = call
      // What a telephone writes into From is not what it has proven to be.
      const caller = phone?.user ?? call.caller
      const variables = variablesOf(call, trunk)
      const invite = {
        leg,
        trunk: trunk.name,
        caller,
        callee: number,
        ...(sdp === undefined ? {} : { sdp }),
        ...(variables && { variables }),
      }
      const decision = await this.options.onInvite(invite, abort.signal)
      if (decision.kind === 'answer') {
        call.answer(decision.sdp)
        return
      }
      if (!abort.signal.aborted) this.refused.declined += 1
      this.refuse(leg, call, decision.status, decision.reason)
    } catch (error) {
      // A handler that was told that the caller is gone may well throw.
      if (!abort.signal.aborted) this.options.logger.error('incoming call failed', { leg, error: String(error) })
      this.refuse(leg, call, 500, 'Server Internal Error')
    }
  }

  /** Ignored by a call that is over already. */
  private refuse(leg: LegId, call: IncomingSipCall, status: number, reason: string): void {
    call.reject(status, reason)
    const entry = this.legs.get(leg)
    entry?.events.close()
    entry?.place?.[Symbol.dispose]()
    this.legs.delete(leg)
    this.options.messages?.over(leg)
  }

  /** True when the event ended the leg. */
  private deliver(leg: LegId, event: LegEvent): boolean {
    const entry = this.legs.get(leg)
    if (!entry) return false
    entry.events.push(event)
    if (event.type !== 'rejected' && event.type !== 'failed' && event.type !== 'bye') return false
    this.legs.delete(leg)
    this.options.messages?.over(leg)
    entry.place?.[Symbol.dispose]()
    entry.events.close()
    return true
  }

  private keepUnread(leg: LegId, events: Channel<LegEvent>): void {
    const { clock } = this.options
    const timer = clock.setTimer(clock.nowMs() + unreadMs, () => this.unread.delete(leg))
    this.unread.set(leg, { events, timer })
  }
}
