import { InviteSeries } from '../embedded/agent/invite-series.ts'
import { rejectionOf } from '../embedded/agent/rejection-of.ts'
import { DigestClient } from '../embedded/auth/digest-client.ts'
import { type SipRequest, type SipResponse, sdpOf } from '../embedded/message/sip-message.ts'
import { formatUri } from '../embedded/message/sip-uri.ts'
import { TimerSet } from '../embedded/transaction/timer-set.ts'
import { peerAddress } from '../embedded/transport/transport.ts'
import type { OutgoingInvite, SipCall, SipCallEvent, SipCallListener } from '../sip-stack.ts'
import type { DrachtioRequest } from './drachtio-client.ts'
import type { DrachtioContext } from './drachtio-context.ts'
import { contactFor, DrachtioDialog } from './drachtio-dialog.ts'
import type { DrachtioLink } from './drachtio-link.ts'
import { requestOf } from './drachtio-message.ts'
import { InboundRequest } from './inbound-request.ts'
import { type ResponseParts, sendRequest } from './send-request.ts'

type State = 'inviting' | 'cancelling' | 'established' | 'ended'

/** After a CANCEL the final response may take as long as timer B. */
const giveUpMs = 32_000

/** A call we make over a drachtio-server. */
export class DrachtioOutgoingCall implements SipCall {
  readonly link: DrachtioLink
  private readonly context: DrachtioContext
  private readonly listener: SipCallListener
  private readonly digest: DigestClient
  private readonly series: InviteSeries
  private readonly timers: TimerSet<'giveUp'>
  private readonly dialog: DrachtioDialog
  readonly sipCallId: string
  private state: State = 'inviting'
  private sent: DrachtioRequest | undefined
  private hasProvisional = false
  private terminated = false
  private earlySdp: string | undefined

  constructor(context: DrachtioContext, link: DrachtioLink, invite: OutgoingInvite, listener: SipCallListener) {
    this.context = context
    this.link = link
    this.listener = listener
    this.digest = new DigestClient(invite.credentials, context.random)
    this.series = new InviteSeries(invite, this.digest, context.random)
    this.timers = new TimerSet(context.clock)
    this.sipCallId = this.series.callId
    this.dialog = new DrachtioDialog({
      context,
      link,
      digest: this.digest,
      emit: (event) => this.emit(event),
      onEnded: () => {
        this.state = 'ended'
      },
      offerPending: () => false,
    })
  }

  start(): void {
    this.send()
  }

  hangup(reason?: string): void {
    if (this.state === 'established') {
      this.dialog.hangup(reason)
      this.end({ type: 'bye' })
    } else if (this.state === 'inviting') {
      this.state = 'cancelling'
      this.cancel()
      this.timers.set('giveUp', giveUpMs, () => this.fail('timeout', 'no final response after CANCEL'))
      if (!this.hasProvisional) this.emit({ type: 'rejected', status: 487, reason: 'given up before any response' })
    }
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

  /** The server is gone before the answer. */
  lost(): void {
    if (this.state === 'established' || this.state === 'ended') return
    this.dialog.discard()
    this.fail('transport', 'the drachtio-server is gone')
  }

  private send(): void {
    const { attempt, target } = this.series
    const { hop } = target
    this.sent = undefined
    sendRequest(this.context, {
      link: this.link,
      attempt,
      proxy: formatUri({ host: hop.host, port: hop.port, transport: hop.transport }),
      peer: peerAddress(hop),
      create: () => this.createInvite(),
      onSent: (sent) => this.receiveSent(sent),
      onResponse: (parts) => this.receive(parts),
      onError: (error) => this.redirected() || this.fail('transport', error.message),
    })
  }

  private createInvite(): SipRequest {
    const { userAgent } = this.context
    return this.series.next({ userAgent, contact: (_, user) => contactFor(user) })
  }

  private receiveSent(sent: DrachtioRequest): void {
    this.sent = sent
    sent.on('update', (request, response) => {
      const update = InboundRequest.of(this.link, request, response)
      update?.note()
      if (update) this.dialog.receive(update)
    })
    if (this.state === 'cancelling') this.cancel()
  }

  private receive(parts: ResponseParts): void {
    const { response } = parts
    if (response.status < 200) this.receiveProvisional(parts)
    else if (response.status < 300) this.receiveAnswer(parts)
    else this.receiveFailure(response, parts)
  }

  private receiveProvisional({ response, acknowledge, dialogId, peer }: ResponseParts): void {
    if (!this.hasProvisional) this.emit({ type: 'trying' })
    this.hasProvisional = true
    // 199: this phone will not answer. @see RFC 6228
    if (response.status === 100 || response.status === 199 || this.state !== 'inviting') return
    if (response.headers.has('rseq')) {
      acknowledge()
      this.open(dialogId, response, peer)
    }
    const sdp = sdpOf(response)
    this.earlySdp = sdp ?? this.earlySdp
    this.emit({ type: 'ringing', status: response.status, ...(sdp === undefined ? {} : { sdp }) })
  }

  private receiveAnswer({ response, acknowledge, dialogId, peer }: ResponseParts): void {
    if (this.state === 'established') return
    acknowledge()
    this.open(dialogId, response, peer)
    const sdp = sdpOf(response) ?? this.earlySdp
    if (this.state !== 'inviting') {
      // It crossed our CANCEL: nobody wants it.
      this.dialog.hangup()
      this.end({ type: 'rejected', status: 487, reason: 'cancelled' })
    } else if (sdp === undefined) {
      this.dialog.hangup()
      this.fail('protocol', '2xx without a session description')
    } else {
      this.state = 'established'
      this.emit({ type: 'answered', sdp })
    }
  }

  /** True: the INVITE went on to the next contact of a redirection. */
  private redirected(): boolean {
    if (this.state !== 'inviting' || !this.series.redirect()) return false
    this.send()
    return true
  }

  private open(dialogId: string | undefined, response: SipResponse, peer: string): void {
    this.dialog.open(dialogId, this.sent && requestOf(this.sent.raw), response, peer)
  }

  private receiveFailure(response: SipResponse, { acknowledge }: ResponseParts): void {
    // The ACK on the wire is the server's; this lets it forget the transaction.
    acknowledge()
    if (this.state === 'inviting' && (response.status === 401 || response.status === 407)) {
      this.fail('auth', `${response.status} was not satisfied`)
      return
    }
    if (this.state === 'inviting' && this.series.goesOnAfter(response)) {
      this.send()
      return
    }
    this.dialog.discard()
    this.end(rejectionOf(response))
  }

  /** The server holds it until there is a provisional response. @see RFC 3261 section 9.1 */
  private cancel(): void {
    if (!this.sent) return
    this.link.request(
      this.series.target.uri,
      { method: 'CANCEL', headers: {}, stackTxnId: this.sent.stackTxnId },
      () => {},
    )
  }

  private fail(cause: 'timeout' | 'transport' | 'auth' | 'protocol', detail: string): void {
    this.end({ type: 'failed', cause, detail })
  }

  private end(event: SipCallEvent): void {
    this.state = 'ended'
    this.timers.clear()
    this.emit(event)
  }

  private emit(event: SipCallEvent): void {
    if (this.terminated) return
    this.terminated = event.type === 'rejected' || event.type === 'failed' || event.type === 'bye'
    this.listener(event)
  }
}
