import type { PhoneAccount } from '../../phones/phone-account.ts'
import type {
  IncomingCallSettings,
  IncomingSipCall,
  SipCallEvent,
  SipCallListener,
  SipCredentials,
} from '../../sip-stack.ts'
import type { SipTransportName } from '../../trunk-config.ts'
import { DigestClient } from '../auth/digest-client.ts'
import { Dialog } from '../dialog/dialog.ts'
import { canonicalName } from '../message/header-names.ts'
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
import { callerOf } from './caller-of.ts'
import { addCapabilities, phraseOf } from './capabilities.ts'
import { ReliableResponses } from './reliable-responses.ts'
import { reofferIds } from './reoffer-ids.ts'
import { defaultSessionTimer } from './session-timer.ts'

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
  readonly sipCallId: string
  readonly sdp?: string
  readonly account?: string
  readonly phone?: PhoneAccount
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
  private readonly reliable: ReliableResponses
  /** Ring reliably whenever the caller can, not only when it must. */
  private prefersReliable = false
  /** A description of ours went out in a reliable response and was acknowledged: the offer is answered. */
  private described = false
  /** The answer, until what was offered before it is through. */
  private heldAnswer: string | undefined
  private answering: AnswerRepeater | undefined

  /** `onOver`: nothing more will come of this call. `caller`: what it has proven by digest. */
  constructor(
    context: AgentContext,
    transaction: ServerTransaction,
    source: string,
    onOver: () => void,
    caller: Pick<IncomingSipCall, 'account' | 'phone'> = {},
  ) {
    const { request } = transaction
    this.context = context
    this.transaction = transaction
    this.source = source
    this.transport = transaction.peer.transport
    this.onOver = onOver
    if (caller.account !== undefined) this.account = caller.account
    if (caller.phone) this.phone = caller.phone
    this.localTag = newTag(context.random)
    this.digest = new DigestClient(undefined, context.random)
    this.reliable = new ReliableResponses(context, transaction, () => {
      this.reject(504, phraseOf(504))
      this.emit({ type: 'failed', cause: 'timeout', detail: 'no PRACK' })
    })
    this.calledUsers = calledUsersOf(request)
    this.caller = callerOf(request)
    this.sipCallId = callIdOf(request)
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
      nextReofferId: reofferIds(),
      ownsCallId: false,
      sessionTimer: defaultSessionTimer,
      setUp: () => ({
        early: this.state === 'pending',
        offerPending: this.state === 'pending' && !this.described,
        ackPending: this.state === 'answered',
      }),
      onAck: (ack) => this.receiveAck(ack),
      onOfferClosed: () => this.releaseAnswer(),
    })
    this.usage.learn(request)
  }

  /** The fields by which a merged request is known. @see RFC 3261 section 8.2.2.2 */
  static mergeKey(request: SipRequest): string {
    return `${callIdOf(request)}|${tagOf(fromOf(request))}|${cseqOf(request).number}`
  }

  listen(listener: SipCallListener, credentials?: SipCredentials, settings: IncomingCallSettings = {}): void {
    this.prefersReliable = settings.reliable ?? false
    if (settings.sessionTimer) this.usage.session.policy = settings.sessionTimer
    this.digest.credentials = credentials
    if (settings.profile) this.usage.dialog.bindTo(settings.profile)
    this.listener = listener
    for (const event of this.unheard.splice(0)) listener(event)
  }

  /** An offerless INVITE gets no reliable response without a description: it would have to carry an offer. */
  ring(sdp?: string): void {
    if (this.state !== 'pending') return
    const { headers } = this.transaction.request
    const plain = this.respondTo(sdp === undefined ? 180 : 183)
    const response = sdp === undefined ? plain : withSdp(plain, sdp)
    if (sdp !== undefined) this.usage.localSdp = sdp
    const peerCan = headers.lists('require', '100rel') || (this.prefersReliable && headers.lists('supported', '100rel'))
    if (!peerCan) {
      this.transaction.respond(response)
      return
    }
    if (this.sdp !== undefined || sdp !== undefined || this.described) this.reliable.send(response)
  }

  /** A description that was acknowledged before the answer stands; `sdp` is not sent then. @see RFC 3262 section 5 */
  answer(sdp: string): void {
    if (this.state !== 'pending' || this.heldAnswer !== undefined) return
    if (this.mustHoldAnswer()) {
      this.heldAnswer = sdp
      return
    }
    this.state = 'answered'
    this.reliable.stop()
    const bare = this.respondTo(200)
    const response = this.described ? bare : withSdp(bare, sdp)
    if (!this.described) this.usage.localSdp = sdp
    this.usage.agree(this.transaction.request, response)
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

  replacesTarget(): string | undefined {
    return this.state === 'established' ? this.usage.replacesTarget() : undefined
  }

  sendKey(key: string, durationMs: number): void {
    this.usage.sendKey(key, durationMs)
  }

  /** Text of the wire is UTF-8. @see RFC 3261 section 7.3.1 */
  header(name: string): string | undefined {
    const value = this.transaction.request.headers.get(canonicalName(name))
    return value === undefined ? undefined : Buffer.from(value, 'latin1').toString('utf8')
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

  private receivePrack(prack: ServerTransaction): void {
    const response = this.reliable.acknowledge(prack.request)
    if (!response) {
      prack.respond(responseTo(prack.request, 481, phraseOf(481)))
      return
    }
    const firstDescription = !this.described && sdpOf(response) !== undefined
    this.described ||= firstDescription
    const sdp = sdpOf(prack.request)
    // Behind an offer of ours the PRACK brings the answer; anything else in a PRACK is a new offer.
    if (sdp !== undefined && !(firstDescription && this.sdp === undefined)) this.usage.receiveOffer(prack)
    else {
      prack.respond(responseTo(prack.request, 200, phraseOf(200)))
      if (sdp !== undefined) this.emit({ type: 'answered', sdp })
    }
    this.usage.setUpChanged()
    this.releaseAnswer()
  }

  /** @see RFC 3262 section 5, RFC 3311 section 5.2: no 2xx before descriptions of either side are through */
  private mustHoldAnswer(): boolean {
    return this.reliable.holdsAnswer || this.usage.peerOfferOpen
  }

  private releaseAnswer(): void {
    if (this.heldAnswer === undefined || this.mustHoldAnswer()) return
    const sdp = this.heldAnswer
    this.heldAnswer = undefined
    this.answer(sdp)
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
    this.reliable.stop()
    this.answering?.stop()
    this.state = 'ended'
    this.onOver()
  }

  private refuseInvite(response: SipResponse): void {
    this.state = 'ended'
    this.reliable.stop()
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
