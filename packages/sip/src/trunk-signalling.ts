import type {
  Clock,
  DialRequest,
  InviteHandler,
  LegCommand,
  LegEvent,
  LegId,
  Logger,
  Random,
  Signalling,
  SignallingMessage,
} from '@parley/core'
import { withMeaning } from './cause-map.ts'
import type { GatewayState } from './gateway-health.ts'
import type { GatewayPool } from './gateway-pool.ts'
import { InboundCalls, type RefusalCounts } from './inbound-calls.ts'
import type { MessageLog } from './ladder/message-log.ts'
import { eventsOf, LegTable } from './leg-table.ts'
import { OutgoingLeg } from './outgoing-leg.ts'
import type { PhoneBook } from './phones/phone-book.ts'
import type { InboundAccount, IncomingSipCall, SipStack, SipStackCounters, SipStackOwner } from './sip-stack.ts'
import type { TrunkBook } from './trunk-book.ts'
import type { SipTransportName } from './trunk-config.ts'

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

/** `Signalling` over trunks and telephones: which gateway to dial, and what each leg is told. */
export class TrunkSignalling implements Signalling, SipStackOwner {
  private readonly options: TrunkSignallingOptions
  private readonly legs: LegTable
  private readonly inbound: InboundCalls
  private stack: SipStack | undefined
  private draining = false

  constructor(options: TrunkSignallingOptions) {
    this.options = options
    this.legs = new LegTable(options.clock, options.messages)
    this.inbound = new InboundCalls({ ...options, legs: this.legs })
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
    return this.inbound.refusals
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
    const phone = this.options.phones.route(request.trunk, request.callee)
    if (phone?.kind === 'refused') return eventsOf({ type: 'rejected', status: phone.status, reason: phone.reason })
    const trunk = phone?.trunk ?? this.options.trunks.find(request.trunk)
    if (!trunk || !this.stack || this.legs.callOf(request.leg)) {
      phone?.place[Symbol.dispose]()
      return eventsOf({ type: 'failed', cause: 'protocol', detail: trunk ? 'leg exists already' : 'no such trunk' })
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
        if (this.legs.deliver(request.leg, withMeaning(event, trunk.causes)))
          signal.removeEventListener('abort', onAbort)
      },
      onAttempt: (attempt) => this.options.messages?.bind(request.leg, attempt.sipCallId),
      // A telephone is no gateway: whether it answers says nothing about a carrier.
      onGatewayAnswer: (hop) => phone ?? this.options.gateways.answered(hop),
      onGatewayFault: (hop, failure) => phone ?? this.options.gateways.failed(hop, failure),
    })
    const events = this.legs.add(request.leg, { call, isRead: true, ...(phone && { place: phone.place }) })
    if (signal.aborted) {
      this.legs.deliver(request.leg, { type: 'rejected', status: 487, reason: 'aborted before dialling' })
      return events
    }
    signal.addEventListener('abort', onAbort, { once: true })
    call.start()
    return events
  }

  events(leg: LegId): AsyncIterable<LegEvent> {
    return this.legs.events(leg)
  }

  async command(leg: LegId, command: LegCommand): Promise<void> {
    const call = this.legs.callOf(leg)
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
    const target = this.legs.callOf(other)?.replacesTarget()
    if (target === undefined) this.legs.deliver(leg, { type: 'transfer', status: 481 })
    else this.legs.callOf(leg)?.refer(target)
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
    this.inbound.take(call)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.draining = true
    this.options.gateways[Symbol.dispose]()
    this.legs.hangupAll('shutting down')
    await this.stack?.[Symbol.asyncDispose]()
    this.legs[Symbol.dispose]()
  }
}
