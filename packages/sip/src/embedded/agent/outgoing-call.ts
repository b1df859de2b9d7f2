import type { OutgoingInvite, SipCall, SipCallEvent, SipCallListener } from '../../sip-stack.ts'
import { type DigestAttempt, DigestClient } from '../auth/digest-client.ts'
import { Dialog } from '../dialog/dialog.ts'
import { Headers } from '../message/headers.ts'
import { retryAfterOf } from '../message/retry-after.ts'
import {
  cseqOf,
  noBody,
  q850Of,
  type SipRequest,
  type SipResponse,
  sdpOf,
  tagOf,
  toOf,
  withSdp,
} from '../message/sip-message.ts'
import { TimerSet } from '../transaction/timer-set.ts'
import { longMs } from '../transaction/timer-values.ts'
import type { ClientTransaction } from '../transaction/transaction.ts'
import { type AgentContext, newTag } from './agent-context.ts'
import { CallDialog } from './call-dialog.ts'
import { addCapabilities } from './capabilities.ts'
import { Fork } from './fork.ts'
import { minSeOf } from './session-timer.ts'

/**
 * `abandoned`: hung up before any response; CANCEL has to wait for one, the owner has not.
 */
type State = 'inviting' | 'abandoned' | 'cancelling' | 'established' | 'ended'

/**
 * A call we make: INVITE with credentials, early dialogs, CANCEL, the 2xx and its ACK. After that the winning
 * fork's `CallDialog` runs it.
 * @see RFC 3261 sections 9.1 and 13.2, RFC 3262 section 4
 */
export class OutgoingCall implements SipCall {
  private state: State = 'inviting'
  private readonly context: AgentContext
  private readonly invite: OutgoingInvite
  private readonly listener: SipCallListener
  private readonly digest: DigestClient
  private readonly attempt: DigestAttempt
  private readonly timers: TimerSet<'giveUp'>
  private readonly forks = new Map<string, Fork>()
  readonly callId: string
  private readonly fromTag: string
  private transaction: ClientTransaction | undefined
  private winner: CallDialog | undefined
  private seq = 0
  private minSe: number | undefined
  private hasProvisional = false
  private terminated = false

  constructor(context: AgentContext, invite: OutgoingInvite, listener: SipCallListener) {
    this.context = context
    this.invite = invite
    this.listener = listener
    this.digest = new DigestClient(invite.credentials, context.random)
    this.attempt = this.digest.attempt()
    this.timers = new TimerSet(context.clock)
    this.callId = context.random.uuid()
    this.fromTag = newTag(context.random)
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
    this.winner?.reoffer(id, sdp)
  }

  refer(target: string): void {
    this.winner?.refer(target)
  }

  sendKey(key: string, durationMs: number): void {
    this.winner?.sendKey(key, durationMs)
  }

  private sendInvite(): void {
    const request = this.createInvite()
    this.attempt.authorize(request)
    this.transaction = this.context.layer.request(request, this.invite.hop, {
      onResponse: (response) => this.receive(request, response),
      onTimeout: () => this.fail('timeout', 'no final response'),
      onTransportError: (error) => this.fail('transport', error.message),
    })
  }

  private createInvite(): SipRequest {
    const { hop, requestUri: uri, from, to, contactUser, headers: further, sdp } = this.invite
    this.seq += 1
    const headers = new Headers()
      .add('max-forwards', '70')
      .add('from', `${from};tag=${this.fromTag}`)
      .add('to', to)
      .add('call-id', this.callId)
      .add('cseq', `${this.seq} INVITE`)
      .add('contact', this.context.contact(hop.transport, contactUser, hop.profile))
      .add('user-agent', this.context.userAgent)
    for (const [name, value] of further) headers.add(name, value)
    const request: SipRequest = { kind: 'request', method: 'INVITE', uri, headers, body: noBody }
    if (this.minSe !== undefined) headers.add('session-expires', String(this.minSe)).add('min-se', String(this.minSe))
    return withSdp(addCapabilities(request), sdp)
  }

  private receive(request: SipRequest, response: SipResponse): void {
    if (response.status < 200) this.receiveProvisional(request, response)
    else if (response.status < 300) this.receiveAnswer(request, response)
    else this.receiveFailure(response)
  }

  private receiveProvisional(request: SipRequest, response: SipResponse): void {
    if (!this.hasProvisional) this.emit({ type: 'trying' })
    this.hasProvisional = true
    if (this.state === 'abandoned') {
      this.cancel()
      return
    }
    if (this.state !== 'inviting' || response.status === 100) return
    const fork = this.forkOf(request, response)
    if (fork && !fork.takeProvisional(request, response)) return
    const sdp = sdpOf(response)
    this.emit({ type: 'ringing', status: response.status, ...(sdp === undefined ? {} : { sdp }) })
  }

  private receiveAnswer(request: SipRequest, response: SipResponse): void {
    const fork = this.forkOf(request, response)
    if (!fork) {
      this.fail('protocol', '2xx without a tag')
      return
    }
    if (fork.repeatAck()) return
    fork.acknowledge(request, response)
    // A 2xx that crossed our CANCEL, or that of a fork which was slower: nobody wants it.
    if (this.state !== 'inviting') {
      fork.usage.hangup()
      if (this.state !== 'established') this.end({ type: 'rejected', status: 487, reason: 'cancelled' })
      return
    }
    const sdp = sdpOf(response) ?? fork.sdp
    if (sdp === undefined) {
      fork.usage.hangup()
      this.fail('protocol', '2xx without a session description')
      return
    }
    this.state = 'established'
    this.winner = fork.usage
    fork.usage.localSdp = this.invite.sdp
    fork.usage.sessionAgreed(response, 'uac', response)
    this.forgetEarlyForks()
    this.emit({ type: 'answered', sdp })
  }

  private receiveFailure(response: SipResponse): void {
    this.forgetEarlyForks()
    const challenged = response.status === 401 || response.status === 407
    if (this.state === 'inviting' && challenged) {
      if (this.attempt.challenge(response)) {
        this.sendInvite()
        return
      }
      this.fail('auth', `${response.status} was not satisfied`)
      return
    }
    if (this.state === 'inviting' && response.status === 422 && this.minSe === undefined) {
      this.minSe = minSeOf(response)
      if (this.minSe !== undefined) {
        this.sendInvite()
        return
      }
    }
    const q850 = q850Of(response)
    const { status, reason } = response
    const retryAfterS = status === 503 ? retryAfterOf(response) : undefined
    const further = { ...(q850 === undefined ? {} : { q850 }), ...(retryAfterS === undefined ? {} : { retryAfterS }) }
    this.end({ type: 'rejected', status, reason, ...further })
  }

  /** The early or confirmed dialog of this response; undefined when it has no To tag. */
  private forkOf(request: SipRequest, response: SipResponse): Fork | undefined {
    const tag = tagOf(toOf(response))
    if (tag === undefined) return undefined
    const known = this.forks.get(tag)
    if (known) return known
    const usage = new CallDialog({
      context: this.context,
      dialog: Dialog.ofResponse(request, response, this.invite.hop),
      digest: this.digest,
      transport: this.invite.hop.transport,
      contactUser: this.invite.contactUser,
      emit: (event) => this.emit(event),
      onEnded: () => this.dialogEnded(usage),
    })
    const fork = new Fork(this.context, usage, this.digest)
    this.forks.set(tag, fork)
    return fork
  }

  private dialogEnded(usage: CallDialog): void {
    if (usage === this.winner) this.state = 'ended'
  }

  /** @see RFC 3261 section 9.1 */
  private cancel(): void {
    const { transaction } = this
    if (!transaction) return
    const invite = transaction.request
    this.state = 'cancelling'
    const headers = new Headers()
      .add('via', invite.headers.get('via') ?? '')
      .addAll('route', invite.headers.all('route'))
      .add('max-forwards', '70')
      .add('from', invite.headers.get('from') ?? '')
      .add('to', invite.headers.get('to') ?? '')
      .add('call-id', this.callId)
      .add('cseq', `${cseqOf(invite).number} CANCEL`)
    const request: SipRequest = { kind: 'request', method: 'CANCEL', uri: invite.uri, headers, body: noBody }
    this.context.layer.cancel(request, transaction.peer, {
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

  /** Confirmed ones stay for the time of their BYE. An early one that answers later is met as a new one. */
  private forgetEarlyForks(): void {
    for (const [tag, fork] of this.forks) {
      if (fork.acknowledged) continue
      fork.usage.discard()
      this.forks.delete(tag)
    }
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
