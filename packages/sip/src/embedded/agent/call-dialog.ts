import type { Dialog } from '../dialog/dialog.ts'
import { q850Of, responseTo, type SipRequest, type SipResponse, sdpOf } from '../message/sip-message.ts'
import type { ServerTransaction } from '../transaction/transaction.ts'
import type { DialogUsage } from './agent-context.ts'
import type { CallDialogOptions } from './call-dialog-options.ts'
import {
  addCapabilities,
  extensionsWith,
  phraseOf,
  refuseBody,
  refuseExtensions,
  refuseMethod,
} from './capabilities.ts'
import { sendInDialog } from './dialog-request.ts'
import { dtmfKeyOf } from './info-dtmf.ts'
import { KeySender } from './key-sender.ts'
import { OwnOffers } from './own-offers.ts'
import { Reoffers } from './reoffers.ts'
import { SessionKeeper } from './session-keeper.ts'
import { TransferRequest } from './transfer-request.ts'

/**
 * The life of an INVITE dialog after its birth: requests of the peer and ours, our BYE, session refreshes.
 * Early dialogs are of this kind too; `localSdp` is set once the session exists.
 * @see RFC 3261 sections 14 and 15
 */
export class CallDialog implements DialogUsage {
  readonly dialog: Dialog
  /** Our last description, sent again when we refresh by re-INVITE. */
  localSdp = ''
  /** Description of the peer that the last change of the session left in force. */
  remoteSdp: string | undefined
  readonly session: SessionKeeper
  private readonly options: CallDialogOptions
  private readonly reoffers: Reoffers
  private readonly ownOffers: OwnOffers
  private readonly transfer: TransferRequest
  private readonly keys: KeySender
  private ended = false
  private peerUpdates = false

  constructor(options: CallDialogOptions) {
    const { context, dialog, digest, emit } = options
    this.options = options
    this.dialog = dialog
    this.session = new SessionKeeper(
      context.clock,
      options.sessionTimer,
      () => this.ownOffers.refresh(),
      () => this.fail('session expired'),
    )
    this.ownOffers = new OwnOffers(context, dialog, digest, options.ownsCallId, {
      emit,
      mustWait: () => this.offersMustWait(),
      methodFor: (kind) => (options.setUp().early || (kind === 'refresh' && this.peerUpdates) ? 'UPDATE' : 'INVITE'),
      decorate: (request) => {
        addCapabilities(request, extensionsWith(this.session.policy.mode !== 'off')).headers.add(
          'contact',
          this.contact,
        )
        this.session.ask(request)
      },
      localSdp: () => this.localSdp,
      onAgreed: (response, sdp) => this.offerAgreed(response, sdp),
      raiseInterval: (response) => this.session.raise(response),
      onGone: (detail) => this.fail(detail),
    })
    this.reoffers = new Reoffers(context, {
      emit,
      nextId: options.nextReofferId,
      ownOfferPending: () => this.ownOffers.pending || options.setUp().offerPending,
      finishAnswer: (request, response) => {
        response.headers.add('contact', this.contact)
        this.remoteSdp = sdpOf(request) ?? this.remoteSdp
        this.agree(request, response)
      },
      onNoAck: () => this.fail('no ACK'),
      onIdle: () => {
        this.ownOffers.resume()
        if (!this.ended) options.onOfferClosed?.()
      },
    })
    // @see RFC 5057: whatever request gets a 481, the whole call is gone
    const gone = () => this.fail('the peer does not know the call')
    this.transfer = new TransferRequest(context, dialog, digest, () => this.contact, emit, gone)
    this.keys = new KeySender(context, dialog, digest, gone)
    context.addDialog(this)
  }

  get contact(): string {
    const { context, transport, contactUser, secure } = this.options
    const contact = context.contact(transport, contactUser, this.dialog.profile)
    return secure ? contact.replace('<sip:', '<sips:') : contact
  }

  receive(transaction: ServerTransaction): void {
    const { request } = transaction
    if (this.ended && request.method !== 'BYE') {
      this.respond(transaction, 481)
      return
    }
    if (!this.dialog.acceptsCSeq(request)) {
      this.respond(transaction, 500)
      return
    }
    const refusal = refuseExtensions(request)
    if (refusal) {
      transaction.respond(refusal)
      return
    }
    switch (request.method) {
      case 'BYE':
        this.receiveBye(transaction)
        return
      case 'INVITE':
      case 'UPDATE':
        this.receiveOffer(transaction)
        return
      case 'PRACK':
        if (this.options.onPrack) this.options.onPrack(transaction)
        else this.respond(transaction, 481)
        return
      case 'INFO':
        this.receiveInfo(transaction)
        return
      case 'NOTIFY':
        this.transfer.receiveNotify(transaction)
        return
      case 'OPTIONS':
        transaction.respond(addCapabilities(responseTo(request, 200, phraseOf(200))))
        return
      default:
        transaction.respond(refuseMethod(request))
        return
    }
  }

  /** An ACK with a description answers the offer we made in the 2xx. */
  receiveAck(request: SipRequest): void {
    this.options.onAck?.(request)
    this.reoffers.acknowledge()
    this.ownOffers.resume()
    const sdp = sdpOf(request)
    if (sdp !== undefined && !this.ended) this.options.emit({ type: 'answered', sdp })
  }

  cancelReoffer(transaction: ServerTransaction): void {
    this.reoffers.cancel(transaction)
  }

  reanswer(id: number, sdp: string): void {
    this.localSdp = sdp
    this.reoffers.reanswer(id, sdp)
  }

  refuse(id: number, status: number): void {
    this.reoffers.refuse(id, status)
  }

  reoffer(id: number, sdp: string): void {
    this.ownOffers.offer(id, sdp)
  }

  refer(target: string): void {
    this.transfer.start(target)
  }

  replacesTarget(): string | undefined {
    return this.ended ? undefined : this.dialog.replacesTarget
  }

  sendKey(key: string, durationMs: number): void {
    if (!this.ended) this.keys.send(key, durationMs)
  }

  /** Notes what the peer can, from any message of its. */
  learn(message: SipRequest | SipResponse): void {
    this.peerUpdates ||= message.headers.lists('allow', 'UPDATE')
  }

  /** The peer waits for the answer to an offer, or owes the ACK of one. */
  get peerOfferOpen(): boolean {
    return this.reoffers.busy
  }

  /** To be called when `setUp` has changed: offers of ours may have waited for that. */
  setUpChanged(): void {
    this.ownOffers.resume()
  }

  /** Starts the session timer as agreed in the peer's 2xx. */
  agreed(response: SipResponse): void {
    this.learn(response)
    this.session.agreed(response, 'uac')
    this.ownOffers.resume()
  }

  /** Writes the session timer into our 2xx and starts it. */
  agree(request: SipRequest, response: SipResponse): void {
    this.learn(request)
    this.session.accept(request, response)
  }

  /** Sends BYE. No events follow. */
  hangup(reason?: string): void {
    this.end(reason === undefined ? undefined : `SIP;cause=200;text=${quoted(reason)}`)
  }

  private end(reason?: string): void {
    if (this.ended) return
    this.stop()
    sendInDialog(this.options.context, this.dialog, this.options.digest, {
      method: 'BYE',
      decorate: (request) => {
        if (reason) request.headers.add('reason', reason)
        return request
      },
      // Until then a BYE of the peer that crosses ours still finds the dialog.
      onFinal: () => this.options.context.removeDialog(this),
    })
  }

  /** Forgets the dialog without a message. */
  discard(): void {
    this.stop()
    this.options.context.removeDialog(this)
  }

  private stop(): void {
    this.ended = true
    this.ownOffers.stop()
    this.reoffers.stop()
    this.session.stop()
    this.transfer.stop()
    this.keys.stop()
  }

  private receiveBye(transaction: ServerTransaction): void {
    this.respond(transaction, 200)
    if (this.ended) return
    this.discard()
    const q850 = q850Of(transaction.request)
    this.options.emit({ type: 'bye', ...(q850 === undefined ? {} : { q850 }) })
    this.options.onEnded()
  }

  /** A request with an offer, or a re-INVITE that wants one. */
  receiveOffer(transaction: ServerTransaction): void {
    const { request } = transaction
    const refusal = refuseBody(request) ?? this.session.refuse(request)
    if (refusal) {
      transaction.respond(refusal)
      return
    }
    this.learn(request)
    this.dialog.refreshTarget(request)
    this.reoffers.receive(transaction)
  }

  private receiveInfo(transaction: ServerTransaction): void {
    const key = dtmfKeyOf(transaction.request)
    this.respond(transaction, key !== undefined || transaction.request.body.length === 0 ? 200 : 415)
    if (key !== undefined) this.options.emit({ type: 'dtmf', key })
  }

  /** Never two offers at once, nor a re-INVITE before the first INVITE is through. @see RFC 3261 section 14.1 */
  private offersMustWait(): boolean {
    const { early, offerPending, ackPending } = this.options.setUp()
    return this.reoffers.busy || offerPending || ackPending || (early && !this.peerUpdates)
  }

  private offerAgreed(response: SipResponse, sdp: string | undefined): void {
    if (sdp !== undefined) this.localSdp = sdp
    this.remoteSdp = sdpOf(response) ?? this.remoteSdp
    this.dialog.refreshTarget(response)
    this.agreed(response)
  }

  private fail(detail: string): void {
    if (this.ended) return
    this.end(`SIP;cause=408;text=${quoted(detail)}`)
    this.options.emit({ type: 'failed', cause: 'timeout', detail })
    this.options.onEnded()
  }

  private respond(transaction: ServerTransaction, status: number): void {
    transaction.respond(responseTo(transaction.request, status, phraseOf(status)))
  }
}

const quoted = (text: string) => `"${text.replace(/["\\]/g, '')}"`
