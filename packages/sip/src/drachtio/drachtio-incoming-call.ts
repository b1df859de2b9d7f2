import type { Socket } from 'node:net'
import { calledUsersOf } from '../embedded/agent/called-users.ts'
import { callerOf } from '../embedded/agent/caller-of.ts'
import { addCapabilities, phraseOf } from '../embedded/agent/capabilities.ts'
import { DigestClient } from '../embedded/auth/digest-client.ts'
import { callIdOf, responseTo, type SipResponse, sdpOf, withSdp } from '../embedded/message/sip-message.ts'
import type {
  IncomingCallSettings,
  IncomingSipCall,
  SipCallEvent,
  SipCallListener,
  SipCredentials,
} from '../sip-stack.ts'
import type { SipTransportName } from '../trunk-config.ts'
import type { DrachtioContext } from './drachtio-context.ts'
import { contactFor, DrachtioDialog } from './drachtio-dialog.ts'
import type { DrachtioLink } from './drachtio-link.ts'
import type { InboundRequest, SentResponse } from './inbound-request.ts'

/** `answered`: the 2xx is on its way and its ACK is not in; a BYE of ours has to wait for it. */
type State = 'pending' | 'answered' | 'established' | 'ended'

/** A call we are offered over a drachtio-server, which repeats our responses and watches for ACK and PRACK. */
export class DrachtioIncomingCall implements IncomingSipCall {
  readonly link: DrachtioLink
  readonly socket: Socket | undefined
  readonly source: string
  readonly transport: SipTransportName
  readonly sipCallId: string
  readonly calledUsers: readonly string[]
  readonly caller: string
  readonly sdp?: string
  readonly account?: string
  private readonly request: InboundRequest
  private readonly dialog: DrachtioDialog
  private readonly digest: DigestClient
  private readonly context: DrachtioContext
  private readonly onOver: () => void
  private readonly unheard: SipCallEvent[] = []
  private listener: SipCallListener | undefined
  private state: State = 'pending'
  /** Ring reliably whenever the caller can, not only when it must. */
  private prefersReliable = false
  private terminated = false

  /** `onOver`: nothing more will come of this call. `account`: proven by digest. */
  constructor(context: DrachtioContext, request: InboundRequest, onOver: () => void, account?: string) {
    const { message } = request
    this.context = context
    this.request = request
    this.onOver = onOver
    if (account !== undefined) this.account = account
    this.link = request.link
    this.socket = request.link.outbound ? request.socket : undefined
    this.source = request.source
    this.transport = request.transport
    this.sipCallId = callIdOf(message)
    this.calledUsers = calledUsersOf(message)
    this.caller = callerOf(message)
    const sdp = sdpOf(message)
    if (sdp !== undefined) this.sdp = sdp
    this.digest = new DigestClient(undefined, context.random)
    this.dialog = new DrachtioDialog({
      context,
      link: this.link,
      socket: this.socket,
      digest: this.digest,
      emit: (event) => this.emit(event),
      onEnded: () => this.over(),
      offerPending: () => this.state === 'pending',
      onAck: () => this.acknowledged(),
    })
    request.onCancel(() => this.cancelled())
    request.onUpdate((update) => this.dialog.receive(update))
  }

  listen(listener: SipCallListener, credentials?: SipCredentials, settings: IncomingCallSettings = {}): void {
    this.prefersReliable = settings.reliable ?? false
    this.digest.credentials = credentials
    this.listener = listener
    for (const event of this.unheard.splice(0)) listener(event)
  }

  /** An offerless INVITE gets no reliable response without a description: it would have to carry an offer. */
  ring(sdp?: string): void {
    if (this.state !== 'pending') return
    const { headers } = this.request.message
    const plain = this.respondTo(sdp === undefined ? 180 : 183)
    const response = sdp === undefined ? plain : withSdp(plain, sdp)
    if (headers.lists('require', '100rel') || (this.prefersReliable && headers.lists('supported', '100rel'))) {
      if (this.sdp === undefined && sdp === undefined) return
      response.headers.add('require', '100rel')
    }
    this.request.respond(response, (sent) => this.opened(sent))
  }

  answer(sdp: string): void {
    if (this.state !== 'pending') return
    this.state = 'answered'
    this.request.respond(withSdp(this.respondTo(200), sdp), (sent) => {
      if (sent) this.opened(sent)
      else this.fail('drachtio-server did not take the answer')
    })
  }

  reject(status: number, reason: string, retryAfterS?: number): void {
    if (this.state !== 'pending') return
    const valid = status >= 300 && status <= 699 ? status : 480
    const response = responseTo(this.request.message, valid, reason || phraseOf(valid))
    if (retryAfterS !== undefined) response.headers.add('retry-after', String(retryAfterS))
    this.request.respond(response)
    this.dialog.discard()
    this.over()
  }

  hangup(reason?: string): void {
    if (this.state === 'ended') return
    if (this.state === 'pending') this.reject(480, phraseOf(480))
    else if (this.state === 'established') {
      this.dialog.hangup(reason)
      this.over()
    }
    // Before the ACK there is no BYE: `acknowledged` sends it. @see RFC 3261 section 15
    this.emit({ type: 'bye' })
    this.state = 'ended'
  }

  /** Shutting down: whoever has not acknowledged by now gets the BYE without it. */
  hangupAtOnce(): void {
    if (this.state === 'answered') this.state = 'established'
    this.hangup()
    this.dialog.hangup()
  }

  /** The server is gone. An answered call hears it from its dialog. */
  lost(): void {
    if (this.state === 'ended') return
    this.dialog.discard()
    this.fail('the drachtio-server is gone')
  }

  reanswer(id: number, sdp: string): void {
    this.dialog.reanswer(id, sdp)
  }

  refuse(id: number, status: number): void {
    this.dialog.refuse(id, status)
  }

  reoffer(id: number, sdp: string): void {
    this.dialog.reoffer(id, sdp)
  }

  refer(target: string): void {
    this.dialog.refer(target)
  }

  replacesTarget(): string | undefined {
    return this.state === 'established' ? this.dialog.replacesTarget() : undefined
  }

  sendKey(key: string, durationMs: number): void {
    this.dialog.sendKey(key, durationMs)
  }

  private opened(sent: SentResponse | undefined): void {
    if (sent) this.dialog.open(sent.dialogId, sent.message, this.request.message, this.request.peer)
  }

  private acknowledged(): void {
    if (this.state === 'answered') this.state = 'established'
    else if (this.state === 'ended' && this.terminated) {
      this.dialog.hangup()
      this.onOver()
    }
  }

  /** The server answers the CANCEL and the INVITE. */
  private cancelled(): void {
    if (this.state !== 'pending') return
    this.request.reply(487)
    this.dialog.discard()
    this.emit({ type: 'bye' })
    this.over()
  }

  private respondTo(status: number): SipResponse {
    const response = addCapabilities(responseTo(this.request.message, status, phraseOf(status)))
    response.headers.add('contact', contactFor(this.calledUsers[0] ?? '')).add('server', this.context.userAgent)
    return response
  }

  private fail(detail: string): void {
    this.emit({ type: 'failed', cause: 'transport', detail })
    this.over()
  }

  private over(): void {
    this.state = 'ended'
    this.onOver()
  }

  private emit(event: SipCallEvent): void {
    if (this.terminated) return
    this.terminated = event.type === 'bye' || event.type === 'failed'
    if (this.listener) this.listener(event)
    else this.unheard.push(event)
  }
}
