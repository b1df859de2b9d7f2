import type { OutgoingInvite, SipCall, SipCallEvent, SipCallListener } from '../../sip-stack.ts'
import { DigestClient } from '../auth/digest-client.ts'
import { Dialog } from '../dialog/dialog.ts'
import { type SipRequest, type SipResponse, sdpOf, tagOf, toOf } from '../message/sip-message.ts'
import { TimerSet } from '../transaction/timer-set.ts'
import { longMs } from '../transaction/timer-values.ts'
import type { ClientTransaction } from '../transaction/transaction.ts'
import type { AgentContext } from './agent-context.ts'
import { CallDialog } from './call-dialog.ts'
import { cancelOf } from './cancel-request.ts'
import { Fork } from './fork.ts'
import { InviteSeries } from './invite-series.ts'
import { rejectionOf } from './rejection-of.ts'
import { reofferIds } from './reoffer-ids.ts'

/** Taste: phones that one INVITE may make ring; a 2xx of a further one still gets its ACK and BYE. */
const maxEarlyForks = 20

/**
 * `abandoned`: hung up before any response; CANCEL has to wait for one, the owner has not.
 */
type State = 'inviting' | 'abandoned' | 'cancelling' | 'established' | 'ended'

/**
 * A call we make: INVITE with credentials, early dialogs, CANCEL, the 2xx and its ACK. After that the winning
 * fork's `CallDialog` runs it.
 * @see RFC 3261 sections 8.1.3.4, 9.1 and 13.2, RFC 3262 section 4
 */
export class OutgoingCall implements SipCall {
  private state: State = 'inviting'
  private readonly context: AgentContext
  private readonly invite: OutgoingInvite
  private readonly listener: SipCallListener
  private readonly digest: DigestClient
  private readonly series: InviteSeries
  private readonly timers: TimerSet<'giveUp'>
  private readonly forks = new Map<string, Fork>()
  readonly sipCallId: string
  private transaction: ClientTransaction | undefined
  private winner: CallDialog | undefined
  private readonly nextReofferId = reofferIds()
  /** Of the INVITE that is out now; without one there may be no CANCEL. */
  private hasProvisional = false
  /** Of any INVITE of this call. */
  private wasTaken = false
  private terminated = false

  constructor(context: AgentContext, invite: OutgoingInvite, listener: SipCallListener) {
    this.context = context
    this.invite = invite
    this.listener = listener
    this.digest = new DigestClient(invite.credentials, context.random)
    this.series = new InviteSeries(invite, this.digest, context.random)
    this.sipCallId = this.series.callId
    this.timers = new TimerSet(context.clock)
  }

  start(): void {
    this.sendInvite()
  }

  hangup(reason?: string): void {
    if (this.state === 'established') {
      this.winner?.hangup(reason)
      this.end({ type: 'bye' })
    } else if (this.state === 'inviting') {
      if (this.hasProvisional) {
        this.cancel()
        return
      }
      this.state = 'abandoned'
      this.transaction?.stopRepeating()
      this.emit({ type: 'rejected', status: 487, reason: 'given up before any response' })
    }
  }

  reanswer(id: number, sdp: string): void {
    for (const fork of this.forks.values()) fork.usage.reanswer(id, sdp)
  }

  refuse(id: number, status: number): void {
    for (const fork of this.forks.values()) fork.usage.refuse(id, status)
  }

  reoffer(id: number, sdp: string): void {
    const early = [...this.forks.values()].filter((fork) => fork.answered)
    // Before the answer the offer goes to the one phone whose session stands already.
    const usage = this.winner ?? (early.length === 1 ? early[0]?.usage : undefined)
    if (usage) usage.reoffer(id, sdp)
    else this.emit({ type: 'reoffer.refused', id, status: 491 })
  }

  refer(target: string): void {
    this.winner?.refer(target)
  }

  replacesTarget(): string | undefined {
    return this.state === 'established' ? this.winner?.replacesTarget() : undefined
  }

  sendKey(key: string, durationMs: number): void {
    this.winner?.sendKey(key, durationMs)
  }

  private sendInvite(): void {
    this.hasProvisional = false
    const { attempt, target } = this.series
    const request = this.series.next(this.context)
    attempt.authorize(request)
    this.transaction = this.context.layer.request(request, target.hop, {
      onResponse: (response) => this.receive(request, response),
      onTimeout: () => this.redirected() || this.fail('timeout', 'no final response'),
      onTransportError: (error) => this.redirected() || this.fail('transport', error.message),
    })
  }

  /** True: the INVITE went on to the next contact of a redirection. */
  private redirected(): boolean {
    if (this.state !== 'inviting' || !this.series.redirect()) return false
    this.sendInvite()
    return true
  }

  private receive(request: SipRequest, response: SipResponse): void {
    if (response.status < 200) this.receiveProvisional(request, response)
    else if (response.status < 300) this.receiveAnswer(request, response)
    else this.receiveFailure(response)
  }

  private receiveProvisional(request: SipRequest, response: SipResponse): void {
    if (!this.wasTaken) this.emit({ type: 'trying' })
    this.wasTaken = true
    this.hasProvisional = true
    if (this.state === 'abandoned') {
      this.cancel()
      return
    }
    if (this.state !== 'inviting' || response.status === 100) return
    const isNewTag = !this.forks.has(tagOf(toOf(response)) ?? '')
    if (isNewTag && this.forks.size >= maxEarlyForks) return
    const fork = this.forkOf(request, response)
    if (fork && !fork.takeProvisional(request, response)) return
    if (response.status === 199) {
      this.forgetFork(fork)
      return
    }
    const sdp = sdpOf(response)
    this.emit({ type: 'ringing', status: response.status, ...(sdp === undefined ? {} : { sdp }) })
  }

  private receiveAnswer(request: SipRequest, response: SipResponse): void {
    const fork = this.forkOf(request, response)
    if (!fork) {
      // A call that is up does not end by a damaged repeat of its 2xx.
      if (this.state !== 'established') this.fail('protocol', '2xx without a tag')
      return
    }
    if (fork.repeatAck()) return
    this.series.attempt.accepted(response)
    fork.acknowledge(request, response)
    // A 2xx that crossed our CANCEL, or that of a fork which was slower: nobody wants it.
    if (this.state !== 'inviting') {
      fork.usage.hangup()
      if (this.state !== 'established') this.end({ type: 'rejected', status: 487, reason: 'cancelled' })
      return
    }
    const sdp = sdpOf(response) ?? fork.usage.remoteSdp ?? fork.sdp
    if (sdp === undefined) {
      fork.usage.hangup()
      this.fail('protocol', '2xx without a session description')
      return
    }
    this.state = 'established'
    this.winner = fork.usage
    fork.usage.localSdp ||= this.invite.sdp
    fork.usage.agreed(response)
    this.forgetEarlyForks()
    this.emit({ type: 'answered', sdp })
  }

  private receiveFailure(response: SipResponse): void {
    this.forgetEarlyForks()
    const challenged = response.status === 401 || response.status === 407
    if (this.state === 'inviting' && challenged) {
      if (this.series.attempt.challenge(response)) {
        this.sendInvite()
        return
      }
      this.fail('auth', `${response.status} was not satisfied`)
      return
    }
    if (this.state === 'inviting' && this.series.goesOnAfter(response)) this.sendInvite()
    else this.end(rejectionOf(response))
  }

  /** The early or confirmed dialog of this response; undefined when it has no To tag. */
  private forkOf(request: SipRequest, response: SipResponse): Fork | undefined {
    const tag = tagOf(toOf(response))
    if (tag === undefined) return undefined
    const known = this.forks.get(tag)
    if (known) return known
    const usage = new CallDialog({
      context: this.context,
      dialog: Dialog.ofResponse(request, response, this.series.target.hop),
      digest: this.digest,
      transport: this.series.target.hop.transport,
      contactUser: this.invite.contactUser,
      ownsCallId: true,
      sessionTimer: this.series.sessionTimer,
      setUp: () => ({
        early: this.state !== 'established',
        offerPending: this.state !== 'established' && !fork.answered,
        ackPending: false,
      }),
      nextReofferId: this.nextReofferId,
      emit: (event) => this.emit(event),
      onEnded: () => this.dialogEnded(usage),
    })
    const fork: Fork = new Fork(this.context, usage, this.digest)
    this.forks.set(tag, fork)
    return fork
  }

  private dialogEnded(usage: CallDialog): void {
    if (usage === this.winner) this.state = 'ended'
    // An early dialog that broke took the call with it.
    else if (this.state === 'inviting' && this.terminated) this.cancel()
  }

  private cancel(): void {
    const { transaction } = this
    if (!transaction) return
    const invite = transaction.request
    this.state = 'cancelling'
    this.context.layer.cancel(cancelOf(invite), transaction.peer, {
      onResponse() {},
      onTimeout() {},
      onTransportError() {},
    })
    this.timers.set('giveUp', longMs(this.context.timers), () => {
      this.transaction?.terminate()
      this.fail('timeout', 'no final response after CANCEL')
    })
  }

  private fail(cause: 'timeout' | 'transport' | 'auth' | 'protocol', detail: string): void {
    this.end({ type: 'failed', cause, detail })
  }

  /** @see RFC 6228: 199, this phone will not answer */
  private forgetFork(fork: Fork | undefined): void {
    if (!fork || fork.acknowledged) return
    fork.usage.discard()
    this.forks.delete(fork.usage.dialog.remoteTag)
  }

  /** Confirmed ones stay for the time of their BYE. An early one that answers later is met as a new one. */
  private forgetEarlyForks(): void {
    for (const fork of [...this.forks.values()]) this.forgetFork(fork)
  }

  private end(event: SipCallEvent): void {
    this.state = 'ended'
    this.timers.clear()
    this.forgetEarlyForks()
    this.emit(event)
  }

  private emit(event: SipCallEvent): void {
    if (this.terminated) return
    this.terminated = event.type === 'rejected' || event.type === 'failed' || event.type === 'bye'
    this.listener(event)
  }
}
