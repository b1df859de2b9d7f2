import type { IncomingSipCall, SipCallEvent, SipCallListener, SipCredentials } from '../../sip-stack.ts'
import type { SipTransportName } from '../../trunk-config.ts'
import type { TrunkProfile } from '../../trunk-profile.ts'
import { DigestClient } from '../auth/digest-client.ts'
import { Dialog } from '../dialog/dialog.ts'
import {
  callIdOf,
  cseqOf,
  fromOf,
  responseTo,
  type SipRequest,
  type SipResponse,
  sdpOf,
  tagOf,
  withSdp,
} from '../message/sip-message.ts'
import { parseUri } from '../message/sip-uri.ts'
import type { ServerTransaction } from '../transaction/transaction.ts'
import { type AgentContext, newTag } from './agent-context.ts'
import { AnswerRepeater } from './answer-repeater.ts'
import { CallDialog } from './call-dialog.ts'
import { calledUsersOf } from './called-users.ts'
import { addCapabilities, phraseOf } from './capabilities.ts'
import { acceptSessionTimer } from './session-timer.ts'

/** `answered`: the 2xx is out and its ACK is not in; a BYE of ours has to wait for it. */
type State = 'pending' | 'answered' | 'established' | 'ended'

/**
 * A call we are offered: 180 (reliable when the caller requires it), 2xx until ACK, CANCEL.
 * @see RFC 3261 sections 9.2 and 13.3, RFC 3262 section 3
 */
export class IncomingCall implements IncomingSipCall {
  readonly source: string
  readonly transport: SipTransportName
  readonly calledUsers: readonly string[]
  readonly caller: string
  readonly sdp?: string
  readonly transaction: ServerTransaction
  private readonly context: AgentContext
  private readonly localTag: string
  private readonly usage: CallDialog
  private readonly digest: DigestClient
  private readonly unheard: SipCallEvent[] = []
  private listener: SipCallListener | undefined
  private readonly onOver: () => void
  private state: State = 'pending'
  private terminated = false
  private rseq: number
  private reliable: AnswerRepeater | undefined
  private answering: AnswerRepeater | undefined

  /** `onOver`: nothing more will come of this call. */
  constructor(context: AgentContext, transaction: ServerTransaction, source: string, onOver: () => void) {
    const { request } = transaction
    this.context = context
    this.transaction = transaction
    this.source = source
    this.transport = transaction.peer.transport
    this.onOver = onOver
    this.localTag = newTag(context.random)
    this.digest = new DigestClient(undefined, context.random)
    this.rseq = 1 + (Buffer.from(context.random.bytes(4)).readUInt32BE() >>> 2)
    this.calledUsers = calledUsersOf(request)
    this.caller = callerOf(request)
    const sdp = sdpOf(request)
    if (sdp !== undefined) this.sdp = sdp
    this.usage = new CallDialog({
      context,
      dialog: Dialog.ofRequest(request, this.localTag, transaction.peer),
      digest: this.digest,
      transport: transaction.peer.transport,
      contactUser: this.calledUsers[0] ?? '',
      secure: parseUri(request.uri)?.scheme === 'sips',
      emit: (event) => this.emit(event),
      onEnded: () => this.ended(),
      onPrack: (prack) => this.receivePrack(prack),
      offerPending: () => this.state === 'pending',
      onAck: (ack) => this.receiveAck(ack),
    })
  }

  /** The fields by which a merged request is known. @see RFC 3261 section 8.2.2.2 */
  static mergeKey(request: SipRequest): string {
    return `${callIdOf(request)}|${tagOf(fromOf(request))}|${cseqOf(request).number}`
  }

  listen(listener: SipCallListener, credentials?: SipCredentials, profile?: TrunkProfile): void {
    this.digest.credentials = credentials
    if (profile) this.usage.dialog.bindTo(profile)
    this.listener = listener
    for (const event of this.unheard.splice(0)) listener(event)
  }

  /** An offerless INVITE that requires reliability gets no 180: it would have to carry an offer. */
  ring(): void {
    if (this.state !== 'pending') return
    const { request } = this.transaction
    const response = this.respondTo(180)
    if (!request.headers.lists('require', '100rel')) {
      this.transaction.respond(response)
      return
    }
    if (this.sdp === undefined) return
    response.headers.add('require', '100rel').add('rseq', String(this.rseq))
    this.reliable = new AnswerRepeater(this.context, this.transaction, response)
    this.reliable.start(() => {
      this.reject(504, phraseOf(504))
      this.emit({ type: 'failed', cause: 'timeout', detail: 'no PRACK' })
    })
  }

  answer(sdp: string): void {
    if (this.state !== 'pending') return
    this.state = 'answered'
    this.reliable?.stop()
    const { request } = this.transaction
    const response = withSdp(this.respondTo(200), sdp)
    acceptSessionTimer(request, response)
    this.usage.localSdp = sdp
    this.usage.sessionAgreed(response, 'uas', request)
    this.answering = new AnswerRepeater(this.context, this.transaction, response)
    this.answering.start(() => this.giveUp())
  }

  reject(status: number, reason: string, retryAfterS?: number): void {
    if (this.state !== 'pending') return
    const valid = status >= 300 && status <= 699 ? status : 480
    const response = responseTo(this.transaction.request, valid, reason || phraseOf(valid), this.localTag)
    if (retryAfterS !== undefined) response.headers.add('retry-after', String(retryAfterS))
    this.refuseInvite(response)
  }

  reoffer(id: number, sdp: string): void {
    this.usage.reoffer(id, sdp)
  }

  refer(target: string): void {
    this.usage.refer(target)
  }

  sendKey(key: string, durationMs: number): void {
    this.usage.sendKey(key, durationMs)
  }

  /** The caller sent CANCEL. */
  cancel(): void {
    if (this.state !== 'pending') return
    this.refuseInvite(responseTo(this.transaction.request, 487, phraseOf(487), this.localTag))
    this.emit({ type: 'bye' })
  }

  hangup(reason?: string): void {
    if (this.state === 'pending') this.reject(480, phraseOf(480))
    else if (this.state === 'established') this.usage.hangup(reason)
    else if (this.state === 'ended') return
    // No BYE before the ACK, or before `giveUp`. @see RFC 3261 section 15
    const awaitsAck = this.state === 'answered'
    this.emit({ type: 'bye' })
    this.state = 'ended'
    if (!awaitsAck) this.onOver()
  }

  /** Shutting down: whoever has not acknowledged by now gets the BYE without it. */
  hangupAtOnce(): void {
    if (this.state === 'answered') this.state = 'established'
    this.answering?.stop()
    this.hangup()
    this.usage.hangup()
  }

  reanswer(id: number, sdp: string): void {
    this.usage.reanswer(id, sdp)
  }

  refuse(id: number, status: number): void {
    this.usage.refuse(id, status)
  }

  private receiveAck(request: SipRequest): void {
    if (cseqOf(request).number !== cseqOf(this.transaction.request).number || !this.answering) return
    this.answering.stop()
    this.answering = undefined
    if (this.state === 'answered') {
      this.state = 'established'
      return
    }
    // Hung up while the ACK was on its way.
    this.usage.hangup()
    this.onOver()
  }

  private receivePrack(prack: SipRequest): boolean {
    const expected = `${this.rseq} ${cseqOf(this.transaction.request).number} INVITE`
    if (!this.reliable || prack.headers.get('rack')?.replace(/\s+/g, ' ') !== expected) return false
    this.reliable.stop()
    this.reliable = undefined
    return true
  }

  /** @see RFC 3261 section 13.3.1.4: no ACK, so the dialog is ended with BYE */
  private giveUp(): void {
    this.usage.hangup()
    this.emit({ type: 'failed', cause: 'timeout', detail: 'no ACK' })
    this.ended()
  }

  /** A BYE of the caller; before the answer it ends the INVITE as well. */
  private ended(): void {
    if (this.state === 'pending') {
      this.transaction.respond(responseTo(this.transaction.request, 487, phraseOf(487), this.localTag))
    }
    this.reliable?.stop()
    this.answering?.stop()
    this.state = 'ended'
    this.onOver()
  }

  private refuseInvite(response: SipResponse): void {
    this.state = 'ended'
    this.reliable?.stop()
    this.transaction.respond(response)
    this.usage.discard()
    this.onOver()
  }

  private respondTo(status: number): SipResponse {
    const response = addCapabilities(responseTo(this.transaction.request, status, phraseOf(status), this.localTag))
    response.headers.add('contact', this.usage.contact).add('server', this.context.userAgent)
    return response
  }

  private emit(event: SipCallEvent): void {
    if (this.terminated) return
    this.terminated = event.type === 'bye' || event.type === 'failed'
    if (this.listener) this.listener(event)
    else this.unheard.push(event)
  }
}

/** From, or P-Asserted-Identity when From hides the caller. The sources are trusted trunks. @see RFC 3325 */
function callerOf(request: SipRequest): string {
  const from = parseUri(fromOf(request).uri)?.user ?? ''
  if (from !== '' && from.toLowerCase() !== 'anonymous') return from
  const asserted = request.headers.get('p-asserted-identity') ?? ''
  return parseUri(/<([^<>\s]{1,256})>/.exec(asserted)?.[1] ?? asserted)?.user || from
}
