import type { Socket } from 'node:net'
import type { Clock, Logger, Random } from '@parley/core'
import { addCapabilities, phraseOf, refuseMethod } from '../embedded/agent/capabilities.ts'
import { farewell } from '../embedded/agent/farewell.ts'
import { InviteGate } from '../embedded/agent/invite-gate.ts'
import { Registration } from '../embedded/agent/registration.ts'
import { DigestServer } from '../embedded/auth/digest-server.ts'
import { callIdOf, responseTo, tagOf, toOf } from '../embedded/message/sip-message.ts'
import { parseUri } from '../embedded/message/sip-uri.ts'
import type {
  OutgoingInvite,
  RegistrationHandle,
  RegistrationRequest,
  SipCall,
  SipCallListener,
  SipStack,
  SipStackCounters,
  SipStackOwner,
} from '../sip-stack.ts'
import type { SipTransportName } from '../trunk-config.ts'
import { CallRouting } from './call-routing.ts'
import type { DrachtioRequest, DrachtioResponse } from './drachtio-client.ts'
import type { DrachtioContext, DrachtioUsage } from './drachtio-context.ts'
import { DrachtioIncomingCall } from './drachtio-incoming-call.ts'
import { DrachtioLink, type DrachtioLinkOptions, type DrachtioListen, type DrachtioServer } from './drachtio-link.ts'
import { DrachtioOutgoingCall } from './drachtio-outgoing-call.ts'
import { InboundRequest } from './inbound-request.ts'
import { ServerLine } from './registration-line.ts'

export interface DrachtioStackOptions {
  readonly owner: SipStackOwner
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly userAgent: string
  /** Shown to callers that have to prove an account. */
  readonly realm: string
  /** Told of the messages of known peers. `sent`: by us. `peer`: `udp:192.0.2.1:5060`. */
  readonly onMessage?: (bytes: Buffer, sent: boolean, peer: string) => void
  /** Servers we connect to: all calls of ours leave over them, in turn over those that are connected. */
  readonly servers: readonly DrachtioServer[]
  /** Outbound mode: the servers connect to us for each incoming call, and those of `servers` are asked for none. */
  readonly listen?: DrachtioListen
}

const retryAfterS = '30'

/** `SipStack` by drachtio-servers: they do transactions, transports and routes, this stack does the calls. */
export class DrachtioStack implements SipStack {
  private received = 0
  private malformed = 0
  private dropped = 0
  private turn = 0
  private links: readonly DrachtioLink[] = []
  private routing: CallRouting | undefined
  private readonly options: DrachtioStackOptions
  private readonly context: DrachtioContext
  private readonly gate: InviteGate
  private readonly dialogs = new Map<string, DrachtioUsage>()
  private readonly incoming = new Set<DrachtioIncomingCall>()
  private readonly outgoing = new Set<DrachtioOutgoingCall>()
  private readonly registrations: Registration[] = []
  private closed: Promise<void> | undefined

  /** Resolves when each server was tried once. @throws the bind error of `listen` */
  static async open(options: DrachtioStackOptions): Promise<DrachtioStack> {
    const stack = new DrachtioStack(options)
    await stack.connect()
    return stack
  }

  private constructor(options: DrachtioStackOptions) {
    this.options = options
    const { clock, random, logger, userAgent } = options
    this.gate = new InviteGate(options.owner, new DigestServer({ clock, random, realm: options.realm }))
    this.context = {
      clock,
      random,
      logger,
      userAgent,
      pending: new Set(),
      addDialog: (id, usage) => this.dialogs.set(id, usage),
      removeDialog: (id) => this.dialogs.delete(id),
      countReceived: () => {
        this.received += 1
      },
    }
  }

  get counters(): SipStackCounters {
    const live = this.dialogs.size + this.incoming.size + this.outgoing.size
    return { received: this.received, malformed: this.malformed, dropped: this.dropped, refused: 0, live }
  }

  /** Port of the first server that is connected and has that transport. */
  portOf(transport: SipTransportName): number | undefined {
    for (const { endpoints } of this.links) {
      const match = new RegExp(`(?:^|,)${transport}/[^,]*:(\\d{1,5})(?:,|$)`).exec(endpoints)
      if (match) return Number(match[1])
    }
    return undefined
  }

  /** Port of the HTTP endpoint of outbound mode. */
  get routingPort(): number | undefined {
    return this.routing?.port
  }

  invite(request: OutgoingInvite, listener: SipCallListener): SipCall {
    const link = this.chooseLink()
    if (!link) {
      queueMicrotask(() => listener({ type: 'failed', cause: 'transport', detail: 'no drachtio-server is connected' }))
      return overCall
    }
    const call = new DrachtioOutgoingCall(this.context, link, request, (event) => {
      if (event.type === 'rejected' || event.type === 'failed' || event.type === 'bye') this.outgoing.delete(call)
      listener(event)
    })
    this.outgoing.add(call)
    call.start()
    return call
  }

  register(request: RegistrationRequest): RegistrationHandle {
    const registration = new Registration(this.context, request, new ServerLine(this.context, () => this.chooseLink()))
    this.registrations.push(registration)
    registration.start()
    return registration
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.closed ??= this.close()
    return this.closed
  }

  private async connect(): Promise<void> {
    const { servers, listen, clock, logger } = this.options
    const options = (takesCalls: boolean): DrachtioLinkOptions => ({
      clock,
      logger,
      takesCalls,
      onRequest: (link, request, response) => this.receive(link, request, response),
      onMessage: (raw, sent, peer) => this.options.onMessage?.(Buffer.from(raw), sent, peer),
      onLost: (link, socket) => this.lost(link, socket),
    })
    const accepting = listen ? [await this.accept(listen, options(true))] : []
    const connecting = servers.map((server) => DrachtioLink.connect(server, options(!listen)))
    this.links = [...accepting, ...(await Promise.all(connecting))]
  }

  private async accept(listen: DrachtioListen, options: DrachtioLinkOptions): Promise<DrachtioLink> {
    const link = await DrachtioLink.listen(listen, options)
    const { host, routingPort: port, address } = listen
    const uri = /:\d+$/.test(address) ? address : `${address}:${link.listenPort}`
    try {
      this.routing = await CallRouting.open({ host, port, owner: this.options.owner, uri })
    } catch (error) {
      await link[Symbol.asyncDispose]()
      throw error
    }
    return link
  }

  private chooseLink(): DrachtioLink | undefined {
    const up = this.links.filter((link) => link.isUp)
    this.turn += 1
    return up[this.turn % up.length]
  }

  private receive(link: DrachtioLink, request: DrachtioRequest, response: DrachtioResponse): void {
    this.received += 1
    try {
      const inbound = InboundRequest.of(link, request, response)
      if (inbound) this.dispatch(inbound)
      else this.refuseMalformed(response)
    } catch (error) {
      this.options.logger.error('message could not be handled', { error: String(error) })
    }
  }

  private refuseMalformed(response: DrachtioResponse): void {
    this.malformed += 1
    response.send(400, 'Bad Request', { headers: {} }, () => {})
  }

  private dispatch(request: InboundRequest): void {
    const { message } = request
    const usage = request.dialogId === undefined ? undefined : this.dialogs.get(request.dialogId)
    const isKnown = this.options.owner.knowsSource(request.source, request.transport)
    if (usage || isKnown) request.note()
    if (usage) {
      usage.receive(request)
      return
    }
    if (message.method === 'ACK') return
    if (tagOf(toOf(message)) !== undefined) {
      request.reply(481)
      return
    }
    if (!isKnown) {
      this.dropped += 1
      // The server keeps the transaction until it is answered, so silence is not to be had here.
      request.reply(403)
      return
    }
    if (!['sip', 'sips', 'tel'].includes(parseUri(message.uri)?.scheme ?? '')) request.reply(416)
    else if (message.method === 'INVITE') this.receiveInvite(request)
    else if (message.method === 'OPTIONS') this.receiveOptions(request)
    else request.respond(refuseMethod(message))
  }

  private receiveInvite(request: InboundRequest): void {
    const sipCallId = callIdOf(request.message)
    if ([...this.outgoing].some((call) => call.sipCallId === sipCallId)) {
      // A call of ours that was routed back would talk to itself.
      request.reply(482)
      return
    }
    if (this.options.owner.isDraining() || this.closed) {
      this.refuseBusy(request)
      return
    }
    const verdict = this.gate.check(request.message, { host: request.source, transport: request.transport })
    if (verdict.kind === 'refused') {
      request.respond(verdict.response)
      return
    }
    const onOver = () => this.incoming.delete(call)
    const call = new DrachtioIncomingCall(this.context, request, onOver, verdict.account)
    this.incoming.add(call)
    this.options.owner.onInvite(call)
  }

  private receiveOptions(request: InboundRequest): void {
    if (this.options.owner.isDraining() || this.closed) {
      this.refuseBusy(request)
      return
    }
    const response = addCapabilities(responseTo(request.message, 200, phraseOf(200)))
    response.headers.add('accept', 'application/sdp').add('server', this.options.userAgent)
    request.respond(response)
  }

  private refuseBusy(request: InboundRequest): void {
    const response = responseTo(request.message, 503, phraseOf(503))
    response.headers.add('retry-after', retryAfterS)
    request.respond(response)
  }

  /** `socket`: only the calls of that connection, of the many that servers make to us. */
  private lost(link: DrachtioLink, socket?: Socket): void {
    const isGone = (of: { readonly link: DrachtioLink; readonly socket?: Socket | undefined }) =>
      of.link === link && (socket === undefined || of.socket === socket)
    for (const usage of [...this.dialogs.values()].filter(isGone)) usage.lost()
    for (const call of [...this.incoming].filter(isGone)) call.lost()
    for (const call of [...this.outgoing].filter(isGone)) call.lost()
    for (const waiting of [...this.context.pending].filter(isGone)) this.context.pending.delete(waiting)
  }

  private async close(): Promise<void> {
    for (const call of [...this.outgoing]) call.hangup('shutting down')
    for (const call of [...this.incoming]) call.hangupAtOnce()
    for (const registration of this.registrations) registration.close()
    await farewell(this.options.clock, () => this.context.pending.size === 0)
    await this.routing?.[Symbol.asyncDispose]()
    await Promise.all(this.links.map((link) => link[Symbol.asyncDispose]()))
  }
}

/** Stands for a call that never left. */
const overCall: SipCall = {
  sipCallId: '',
  hangup() {},
  reanswer() {},
  refuse() {},
  reoffer() {},
  refer() {},
  replacesTarget() {
    return undefined
  },
  sendKey() {},
}
