import type { Clock, Logger, Random } from '@parley/core'
import { Registrar } from '../../phones/registrar.ts'
import type {
  GatewayProbe,
  OutgoingInvite,
  RegistrationHandle,
  RegistrationRequest,
  SipCall,
  SipCallListener,
  SipHop,
  SipStack,
  SipStackCounters,
  SipStackOwner,
} from '../../sip-stack.ts'
import type { TrunkProfile } from '../../trunk-profile.ts'
import { DigestServer } from '../auth/digest-server.ts'
import { dialogKey } from '../dialog/dialog.ts'
import { parseMessage } from '../message/parse-message.ts'
import { callIdOf, fromOf, type SipMessage, type SipRequest, tagOf, toOf } from '../message/sip-message.ts'
import { defaultPort, formatUri, parseUri } from '../message/sip-uri.ts'
import type { TimerValues } from '../transaction/timer-values.ts'
import type { ServerTransaction } from '../transaction/transaction.ts'
import { type TransactionCore, TransactionLayer } from '../transaction/transaction-layer.ts'
import type { Peer, SipTransport, TransportName } from '../transport/transport.ts'
import type { AgentContext, DialogUsage } from './agent-context.ts'
import { CallDialog } from './call-dialog.ts'
import { refuseMethod } from './capabilities.ts'
import { farewell } from './farewell.ts'
import { IncomingCall } from './incoming-call.ts'
import { InviteGate } from './invite-gate.ts'
import { refuseMalformed } from './malformed-refusal.ts'
import { probeByOptions } from './options-probe.ts'
import { OutOfDialogResponder } from './out-of-dialog-responder.ts'
import { OutgoingCall } from './outgoing-call.ts'
import { Registration } from './registration.ts'
import { TransactionLine } from './registration-line.ts'
import { ScopedClock } from './scoped-clock.ts'

export interface UserAgentOptions {
  readonly owner: SipStackOwner
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly timers: TimerValues
  readonly userAgent: string
  readonly advertisedHost: string
  /** Opens the network; what arrives is given to the function. */
  readonly openTransport: (deliver: (bytes: Buffer, source: Peer) => void) => Promise<SipTransport>
}

const keepaliveBytes = Buffer.from('\r\n\r\n')

/**
 * The embedded stack: finds the call, dialog or refusal for each request.
 * @see RFC 3261 section 8.2 {@link https://www.rfc-editor.org/rfc/rfc3261#section-8.2}
 */
export class UserAgent implements SipStack, TransactionCore {
  private received = 0
  private malformed = 0
  private readonly options: UserAgentOptions
  private readonly clock: ScopedClock
  private readonly transport: SipTransport
  private readonly layer: TransactionLayer
  private readonly replies: OutOfDialogResponder
  private readonly gate: InviteGate
  private readonly registrar: Registrar | undefined
  private readonly context: AgentContext
  private readonly dialogs = new Map<string, DialogUsage>()
  private readonly incoming = new Map<string, IncomingCall>()
  /** By Call-ID. */
  private readonly outgoing = new Map<string, OutgoingCall>()
  private readonly registrations: Registration[] = []
  private closed: Promise<void> | undefined

  static async open(options: UserAgentOptions): Promise<UserAgent> {
    let agent: UserAgent | undefined
    const transport = await options.openTransport((bytes, source) => agent?.deliver(bytes, source))
    agent = new UserAgent(options, transport)
    return agent
  }

  private constructor(options: UserAgentOptions, transport: SipTransport) {
    this.options = options
    this.transport = transport
    const { random, timers, advertisedHost } = options
    this.replies = new OutOfDialogResponder(random, options.userAgent)
    const clock = new ScopedClock(options.clock)
    this.clock = clock
    this.layer = new TransactionLayer({ transport, core: this, clock, random, timers, advertisedHost })
    const { owner } = options
    this.registrar = owner.phones && new Registrar(owner.phones, { clock, random, realm: advertisedHost })
    this.gate = new InviteGate(owner, new DigestServer({ clock, random, realm: advertisedHost }), this.registrar)
    this.context = {
      clock,
      random,
      timers,
      layer: this.layer,
      userAgent: options.userAgent,
      contact: (name, user, profile) => `<${this.contactUri(name, user, profile)}>`,
      addDialog: (usage) => this.dialogs.set(usage.dialog.key, usage),
      removeDialog: (usage) => this.dialogs.delete(usage.dialog.key),
    }
  }

  get counters(): SipStackCounters {
    const live = this.dialogs.size + this.incoming.size + this.outgoing.size
    const { dropped, refused } = this.layer
    return { received: this.received, malformed: this.malformed, dropped, refused, live }
  }

  portOf(transport: TransportName): number | undefined {
    return this.transport.portOf(transport)
  }

  invite(request: OutgoingInvite, listener: SipCallListener): SipCall {
    const call = new OutgoingCall(this.context, request, (event) => {
      if (event.type === 'rejected' || event.type === 'failed' || event.type === 'bye')
        this.outgoing.delete(call.sipCallId)
      listener(event)
    })
    this.outgoing.set(call.sipCallId, call)
    call.start()
    return call
  }

  register(request: RegistrationRequest): RegistrationHandle {
    const registration = new Registration(this.options, request, new TransactionLine(this.context))
    this.registrations.push(registration)
    registration.start()
    return registration
  }

  probe(probe: GatewayProbe, onAnswer: (status: number | undefined, retryAfterS?: number) => void): void {
    if (!this.closed) probeByOptions(this.context, probe, onAnswer)
  }

  keepAlive(hop: SipHop): void {
    this.transport.send(keepaliveBytes, hop, () => {})
  }

  admits(request: SipRequest, source: Peer): boolean {
    const isOfTrunk = this.options.owner.knowsSource(source.host, source.transport)
    return isOfTrunk || this.ownsDialog(request) || (this.registrar?.admits(request, source) ?? false)
  }

  ownsDialog(request: SipRequest): boolean {
    return this.usageOf(request) !== undefined
  }

  onRequest(transaction: ServerTransaction): void {
    const { request } = transaction
    const usage = this.usageOf(request)
    if (usage) {
      usage.receive(transaction)
      return
    }
    if (tagOf(toOf(request)) !== undefined) {
      this.replies.respond(transaction, 481)
      return
    }
    if (!['sip', 'sips', 'tel'].includes(parseUri(request.uri)?.scheme ?? '')) {
      this.replies.respond(transaction, 416)
      return
    }
    switch (request.method) {
      case 'INVITE':
        this.receiveInvite(transaction)
        return
      case 'REGISTER':
        this.receiveRegister(transaction)
        return
      case 'OPTIONS':
        this.receiveOptions(transaction)
        return
      case 'BYE':
      case 'PRACK':
      case 'UPDATE':
      case 'INFO':
      case 'NOTIFY':
        this.replies.respond(transaction, 481)
        return
      default:
        transaction.respond(refuseMethod(request))
        return
    }
  }

  onCancel(cancel: ServerTransaction, invite: ServerTransaction | undefined): void {
    this.replies.respond(cancel, invite ? 200 : 481)
    if (!invite) return
    this.incoming.get(IncomingCall.mergeKey(invite.request))?.cancel()
    const usage = this.usageOf(invite.request)
    if (usage instanceof CallDialog) usage.cancelReoffer(invite)
  }

  onAck(request: SipRequest): void {
    this.usageOf(request)?.receiveAck(request)
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.closed ??= this.close()
    return this.closed
  }

  private deliver(bytes: Buffer, source: Peer): void {
    this.received += 1
    // Keepalives of peers behind NAT.
    if (bytes.length <= 4) return
    const result = parseMessage(bytes)
    if (result.ok) {
      this.receive(result.message, source, bytes.length)
      return
    }
    this.malformed += 1
    this.options.logger.debug('malformed message', { reason: result.reason, bytes: bytes.length })
    if (!result.broken || !this.options.owner.knowsSource(source.host, source.transport)) return
    const refusal = refuseMalformed(bytes, result.broken, source)
    if (refusal) this.transport.send(refusal.bytes, refusal.peer, () => {})
  }

  /** A fault of ours in one message must not end the process and all its calls. */
  private receive(message: SipMessage, source: Peer, sizeBytes: number): void {
    try {
      this.layer.receive(message, source, sizeBytes)
    } catch (error) {
      this.options.logger.error('message could not be handled', { error: String(error) })
    }
  }

  private usageOf(request: SipRequest): DialogUsage | undefined {
    const localTag = tagOf(toOf(request))
    if (localTag === undefined) return undefined
    return this.dialogs.get(dialogKey(callIdOf(request), localTag, tagOf(fromOf(request)) ?? ''))
  }

  private receiveInvite(transaction: ServerTransaction): void {
    const { request } = transaction
    const key = IncomingCall.mergeKey(request)
    if (this.incoming.has(key)) {
      this.replies.respond(transaction, 482)
      return
    }
    if (this.isOwn(request)) {
      this.options.logger.warn('a call of our own came back', { source: transaction.peer.host })
      this.replies.respond(transaction, 482)
      return
    }
    if (this.options.owner.isDraining() || this.closed) {
      this.replies.refuseBusy(transaction)
      return
    }
    const source = transaction.peer.host
    const verdict = this.gate.check(request, transaction.peer)
    if (verdict.kind === 'refused') {
      this.replies.send(transaction, verdict.response)
      return
    }
    this.replies.respond(transaction, 100)
    const call = new IncomingCall(this.context, transaction, source, () => this.incoming.delete(key), verdict)
    this.incoming.set(key, call)
    this.options.owner.onInvite(call)
  }

  private receiveRegister(transaction: ServerTransaction): void {
    const { request, peer } = transaction
    const response = this.registrar?.register(request, peer)
    if (response) this.replies.send(transaction, response)
    else transaction.respond(refuseMethod(request))
  }

  /** An INVITE of ours that was routed back: taken, it would talk to itself. @see RFC 3261 section 16.3 (loop check) */
  private isOwn(request: SipRequest): boolean {
    return this.outgoing.has(callIdOf(request))
  }

  private receiveOptions(transaction: ServerTransaction): void {
    if (this.options.owner.isDraining() || this.closed) {
      this.replies.refuseBusy(transaction)
      return
    }
    this.replies.tellCapabilities(transaction)
  }

  private contactUri(transport: TransportName, user: string, profile?: TrunkProfile): string {
    const port = profile?.advertised?.port ?? this.transport.portOf(transport) ?? defaultPort(transport)
    return formatUri({ user, host: profile?.advertised?.host ?? this.options.advertisedHost, port, transport })
  }

  private async close(): Promise<void> {
    for (const call of [...this.outgoing.values()]) call.hangup('shutting down')
    for (const call of [...this.incoming.values()]) call.hangupAtOnce()
    for (const registration of this.registrations) registration.close()
    await farewell(this.clock, () => this.layer.pendingClients === 0)
    this.layer.terminateAll()
    this.clock[Symbol.dispose]()
    await this.transport[Symbol.asyncDispose]()
  }
}
