import type { CallState } from './call-state.ts'
import { runClientTransaction } from './client-transaction.ts'
import { answerChallenge, type DigestCredentials } from './digest.ts'
import { allowHeader, handleInDialog, PendingAcks } from './in-dialog.ts'
import { nowNs, sleepMs } from './monotonic-clock.ts'
import { cseqOf, header, headerList, type SipHeader, type SipRequest, type SipResponse } from './sip-message.ts'
import type { ReceivedRequest, SipAddress } from './sip-transport.ts'
import { runSteps } from './step-runner.ts'

/** A callee that rings longer than this is given up. */
const ringLimitMs = 180_000
/** After a CANCEL the final response of the INVITE is waited for this long. */
const cancelLimitMs = 5000

/** The phone as caller. */
export class OutgoingCall {
  readonly #state: CallState
  readonly #credentials: DigestCredentials | undefined
  readonly #to: SipAddress
  readonly #acks = new PendingAcks()
  readonly #seenRseq = new Set<string>()
  #invite: SipRequest | undefined
  #wasCancelled = false

  constructor(state: CallState, to: SipAddress, credentials: DigestCredentials | undefined) {
    this.#state = state
    this.#to = to
    this.#credentials = credentials
    state.signal.addEventListener('abort', () => this.#acks.clear())
  }

  /** Takes requests of the peer inside the dialog. */
  handle(received: ReceivedRequest): void {
    if (!this.#state.hasEnded) handleInDialog(this.#state, this.#acks, received)
  }

  /** Sends the INVITE, answers a challenge once, then follows the script. */
  async run(): Promise<void> {
    const state = this.#state
    const { script } = state
    void sleepMs(script.cancel?.after ?? ringLimitMs, state.signal).then(() => this.cancel())
    let response = await this.#sendInvite([])
    const challenge = response && this.#answerChallenge(response)
    if (challenge !== undefined) response = await this.#sendInvite([challenge])
    if (state.hasEnded) return
    if (response === undefined) return state.finish({ outcome: 'failed', by: 'peer', detail: 'no answer to INVITE' })
    if (response.status >= 300) {
      const outcome = this.#wasCancelled ? 'cancelled' : 'rejected'
      return state.finish({ outcome, by: this.#wasCancelled ? 'phone' : 'peer', status: response.status })
    }
    state.dialog.acceptResponse(response)
    this.#acknowledge()
    state.answeredAtNs = nowNs()
    state.note('answered')
    if (!state.acceptAnswer(response.body)) state.problems.push('the answer has no usable sound')
    state.media.begin()
    if (!this.#wasCancelled) return runSteps(state)
    const { request, to } = state.dialog.request('BYE')
    await runClientTransaction(state.transport, request, to, { timeoutMs: 2000 })
    state.finish({ outcome: 'cancelled', by: 'phone' })
  }

  /** Withdraws a call that was not answered yet. */
  async cancel(): Promise<void> {
    const state = this.#state
    const invite = this.#invite
    if (invite === undefined || state.answeredAtNs !== undefined || state.hasEnded || this.#wasCancelled) return
    this.#wasCancelled = true
    const headers = invite.headers.filter(({ name }) =>
      ['via', 'from', 'to', 'call-id', 'route', 'max-forwards'].includes(name),
    )
    const request: SipRequest = {
      kind: 'request',
      method: 'CANCEL',
      uri: invite.uri,
      headers: [...headers, { name: 'cseq', value: `${cseqOf(invite).number} CANCEL` }],
      body: '',
    }
    void runClientTransaction(state.transport, request, this.#to, { timeoutMs: cancelLimitMs })
    await sleepMs(cancelLimitMs, state.signal)
    if (state.answeredAtNs === undefined)
      state.finish({ outcome: 'cancelled', by: 'phone', detail: 'no final response to the INVITE' })
  }

  #sendInvite(extra: readonly SipHeader[]): Promise<SipResponse | undefined> {
    const state = this.#state
    const supported = state.script.reliable ? [{ name: 'supported', value: '100rel' }] : []
    const { request } = state.dialog.request('INVITE', {
      headers: [...supported, ...extra, allowHeader, { name: 'content-type', value: 'application/sdp' }],
      body: state.offer(),
    })
    this.#invite = request
    return runClientTransaction(state.transport, request, this.#to, {
      onProvisional: (response) => this.#takeProvisional(response),
      onRepeated: (response) => {
        if (response.status < 300) this.#acknowledge()
      },
    })
  }

  #takeProvisional(response: SipResponse): void {
    const state = this.#state
    if (response.status === 100 || state.hasEnded) return
    state.note('ringing', { status: response.status, isEarly: response.body !== '' })
    if (response.body !== '') state.acceptAnswer(response.body)
    const rseq = header(response, 'rseq')
    if (rseq === undefined || !headerList(response, 'require').includes('100rel')) return
    state.dialog.acceptResponse(response)
    if (this.#seenRseq.has(rseq)) return
    this.#seenRseq.add(rseq)
    const rack = `${rseq} ${cseqOf(response).number} INVITE`
    const prack = state.dialog.request('PRACK', { headers: [{ name: 'rack', value: rack }] })
    void runClientTransaction(state.transport, prack.request, prack.to)
  }

  #acknowledge(): void {
    if (this.#invite === undefined) return
    const ack = this.#state.dialog.request('ACK', { cseq: cseqOf(this.#invite).number })
    this.#state.transport.send(ack.request, ack.to)
  }

  #answerChallenge(response: SipResponse): SipHeader | undefined {
    if (this.#credentials === undefined || this.#invite === undefined) return undefined
    const isProxy = response.status === 407
    if (!isProxy && response.status !== 401) return undefined
    const challenge = header(response, isProxy ? 'proxy-authenticate' : 'www-authenticate')
    const { method, uri } = this.#invite
    const cnonce = this.#state.random.hex(16)
    const value = challenge && answerChallenge(challenge, this.#credentials, { method, uri, cnonce })
    return value ? { name: isProxy ? 'proxy-authorization' : 'authorization', value } : undefined
  }
}
