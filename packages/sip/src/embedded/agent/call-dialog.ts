import type { SipCallListener } from '../../sip-stack.ts'
import type { DigestClient } from '../auth/digest-client.ts'
import type { Dialog } from '../dialog/dialog.ts'
import {
  cseqOf,
  q850Of,
  responseTo,
  type SipRequest,
  type SipResponse,
  sdpOf,
  withSdp,
} from '../message/sip-message.ts'
import type { ServerTransaction } from '../transaction/transaction.ts'
import type { TransportName } from '../transport/transport.ts'
import type { AgentContext, DialogUsage } from './agent-context.ts'
import { addCapabilities, phraseOf, refuseBody, refuseExtensions, refuseMethod } from './capabilities.ts'
import { sendInDialog } from './dialog-request.ts'
import { dtmfKeyOf } from './info-dtmf.ts'
import { Reoffers } from './reoffers.ts'
import { acceptSessionTimer, minimumSessionS, refuseInterval, SessionTimer, sessionExpiresOf } from './session-timer.ts'

export interface CallDialogOptions {
  readonly context: AgentContext
  readonly dialog: Dialog
  readonly digest: DigestClient
  readonly transport: TransportName
  /** The peer called a `sips:` URI, so our Contact has to be one. @see RFC 3261 section 12.1.1 */
  readonly secure?: boolean
  /** User part of our Contact. */
  readonly contactUser: string
  readonly emit: SipCallListener
  /** The peer ended it (BYE, or nobody refreshed or acknowledged); events were emitted already. */
  readonly onEnded: () => void
  /** A PRACK came. False: it matches nothing. */
  readonly onPrack?: (request: SipRequest) => boolean
  /** The offer of the first INVITE waits for its answer. */
  readonly offerPending?: () => boolean
  readonly onAck?: (request: SipRequest) => void
}

/**
 * The life of an INVITE dialog after its birth: requests of the peer, our BYE, session refreshes.
 * Early dialogs are of this kind too; `localSdp` is set once the session exists.
 * @see RFC 3261 sections 14 and 15
 */
export class CallDialog implements DialogUsage {
  readonly dialog: Dialog
  /** Our last description, sent again when we refresh by re-INVITE. */
  localSdp = ''
  private readonly options: CallDialogOptions
  private readonly reoffers: Reoffers
  private readonly sessionTimer: SessionTimer
  private ended = false
  private ownInvitePending = false
  private sessionS = 0
  private peerUpdates = false

  constructor(options: CallDialogOptions) {
    this.options = options
    this.dialog = options.dialog
    this.sessionTimer = new SessionTimer(
      options.context.clock,
      () => this.refresh(),
      () => this.fail('session expired'),
    )
    this.reoffers = new Reoffers(options.context, {
      emit: options.emit,
      ownOfferPending: () => this.ownInvitePending || (options.offerPending?.() ?? false),
      finishAnswer: (request, response) => this.finishAnswer(request, response),
      onNoAck: () => this.fail('no ACK'),
    })
    options.context.addDialog(this)
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
        this.respond(transaction, this.options.onPrack?.(request) ? 200 : 481)
        return
      case 'INFO':
        this.receiveInfo(transaction)
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

  reoffer(id: number, _sdp: string): void {
    this.options.emit({ type: 'reoffer.refused', id, status: 501 })
  }

  refer(_target: string): void {
    this.options.emit({ type: 'transfer', status: 501 })
  }

  sendKey(_key: string, _durationMs: number): void {}

  /** Starts the session timer as agreed in a 2xx. `role`: ours in that exchange; `peer`: the other's message. */
  sessionAgreed(response: SipResponse, role: 'uac' | 'uas', peer: SipRequest | SipResponse): void {
    const agreed = sessionExpiresOf(response)
    this.peerUpdates ||= peer.headers.lists('allow', 'UPDATE')
    if (agreed && agreed.seconds >= minimumSessionS) {
      this.sessionS = agreed.seconds
      this.sessionTimer.restart(agreed.seconds, (agreed.refresher ?? 'uas') === role)
    } else this.sessionTimer.stop()
  }

  /** Sends BYE. No events follow. */
  hangup(reason?: string): void {
    if (this.ended) return
    this.stop()
    sendInDialog(this.options.context, this.dialog, this.options.digest, {
      method: 'BYE',
      decorate: (request) => {
        if (reason) request.headers.add('reason', `SIP;cause=200;text="${reason.replace(/["\\]/g, '')}"`)
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
    this.reoffers.stop()
    this.sessionTimer.stop()
  }

  private receiveBye(transaction: ServerTransaction): void {
    this.respond(transaction, 200)
    if (this.ended) return
    this.discard()
    const q850 = q850Of(transaction.request)
    this.options.emit({ type: 'bye', ...(q850 === undefined ? {} : { q850 }) })
    this.options.onEnded()
  }

  private receiveOffer(transaction: ServerTransaction): void {
    const { request } = transaction
    const refusal = refuseBody(request) ?? refuseInterval(request)
    if (refusal) {
      transaction.respond(refusal)
      return
    }
    this.dialog.refreshTarget(request)
    this.reoffers.receive(transaction)
  }

  private receiveInfo(transaction: ServerTransaction): void {
    const key = dtmfKeyOf(transaction.request)
    this.respond(transaction, key !== undefined || transaction.request.body.length === 0 ? 200 : 415)
    if (key !== undefined) this.options.emit({ type: 'dtmf', key })
  }

  private finishAnswer(request: SipRequest, response: SipResponse): void {
    response.headers.add('contact', this.contact)
    acceptSessionTimer(request, response)
    this.sessionAgreed(response, 'uas', request)
  }

  /** Our part of the session timer: UPDATE where the peer takes it, else the same offer again. */
  private refresh(): void {
    const method = this.peerUpdates ? 'UPDATE' : 'INVITE'
    this.ownInvitePending = method === 'INVITE'
    sendInDialog(this.options.context, this.dialog, this.options.digest, {
      method,
      decorate: (request) => {
        addCapabilities(request)
          .headers.add('contact', this.contact)
          .add('session-expires', `${this.sessionS};refresher=uac`)
        return method === 'INVITE' ? withSdp(request, this.localSdp) : request
      },
      onFinal: (response, request) => this.refreshed(response, request),
    })
  }

  private refreshed(response: SipResponse | undefined, request: SipRequest): void {
    this.ownInvitePending = false
    if (response && response.status < 300) {
      this.dialog.refreshTarget(response)
      if (request.method === 'INVITE') this.acknowledge(request)
      if (!this.ended) this.sessionAgreed(response, 'uac', response)
    } else if (!response || response.status === 481 || response.status === 408) this.fail('session refresh failed')
  }

  private acknowledge(invite: SipRequest): void {
    this.options.context.layer.sendAck(this.dialog.createAck(cseqOf(invite).number), this.dialog.nextHop())
  }

  private fail(detail: string): void {
    if (this.ended) return
    this.hangup()
    this.options.emit({ type: 'failed', cause: 'timeout', detail })
    this.options.onEnded()
  }

  private respond(transaction: ServerTransaction, status: number): void {
    transaction.respond(responseTo(transaction.request, status, phraseOf(status)))
  }
}
