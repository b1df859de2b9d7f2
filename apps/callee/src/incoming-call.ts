import type { CallState } from './call-state.ts'
import { type DigestAccount, formatChallenge, isAuthorized } from './digest.ts'
import { allowHeader, handleInDialog, PendingAcks, repeatUntilAcknowledged, sdpHeaders } from './in-dialog.ts'
import { nowNs, nsPerMs, sleepMs } from './monotonic-clock.ts'
import { cseqOf, header, headerList, headerParameter, type SipHeader } from './sip-message.ts'
import type { ReceivedRequest } from './sip-transport.ts'
import { earlyUtterance, prepareUtterances, runSteps } from './step-runner.ts'

/** A caller that never cancels is given up after this long. */
const ringLimitMs = 180_000
/** A challenged caller that does not come back is given up after this long. */
const challengeLimitMs = 3000
/** A reliable ringing that is not acknowledged holds the answer up this long. */
const prackLimitMs = 5000

/** The phone as callee: rings, answers or refuses as its script says. */
export class IncomingCall {
  readonly #state: CallState
  readonly #digest: DigestAccount | undefined
  readonly #nonce: string
  readonly #acks = new PendingAcks()
  readonly #pracked = new AbortController()
  #awaitsPrack = false
  #challenge: NodeJS.Timeout | undefined
  /** The INVITE that waits for its final response. */
  #open: ReceivedRequest | undefined

  constructor(state: CallState, digest: DigestAccount | undefined) {
    this.#state = state
    this.#digest = digest
    this.#nonce = state.random.hex(32)
    state.signal.addEventListener('abort', () => {
      clearTimeout(this.#challenge)
      this.#acks.clear()
    })
  }

  /** Takes every request of the call, the first INVITE included. */
  handle(received: ReceivedRequest): void {
    const { request } = received
    if (this.#state.hasEnded) return
    const isInitial = request.method === 'INVITE' && headerParameter(header(request, 'to') ?? '', 'tag') === undefined
    if (request.method === 'PRACK') this.#pracked.abort()
    if (isInitial) this.#takeInvite(received)
    else if (request.method === 'CANCEL') this.#takeCancel(received)
    else handleInDialog(this.#state, this.#acks, received)
  }

  /** Refuses a call that still rings, as its user would. */
  decline(): void {
    if (this.#open !== undefined) void this.#refuse(480, 'phone')
  }

  #takeInvite(received: ReceivedRequest): void {
    const { script, transport, dialog } = this.#state
    this.#state.peer = received.from
    if (!script.silent) transport.respond(received, 100)
    const account = this.#digest ?? (script['challenge-forever'] ? defaultAccount : undefined)
    if (account !== undefined && (script['challenge-forever'] || !this.#isAuthorized(received, account))) {
      const name = account.proxy ? 'proxy-authenticate' : 'www-authenticate'
      const headers = [{ name, value: formatChallenge(account, this.#nonce) }]
      const status = account.proxy ? 407 : 401
      transport.respond(received, status, { toTag: dialog.localTag, headers })
      clearTimeout(this.#challenge)
      const giveUp = () => this.#state.finish({ outcome: 'rejected', by: 'phone', status, detail: 'not authorized' })
      this.#challenge = setTimeout(giveUp, challengeLimitMs)
      return
    }
    clearTimeout(this.#challenge)
    this.#open = received
    dialog.acceptInvite(received.request)
    this.#ring(received).catch((error: unknown) =>
      this.#state.finish({ outcome: 'failed', by: 'phone', detail: String(error) }),
    )
  }

  #isAuthorized(received: ReceivedRequest, account: DigestAccount): boolean {
    const value = header(received.request, account.proxy ? 'proxy-authorization' : 'authorization')
    return value !== undefined && isAuthorized(value, account, 'INVITE', this.#nonce)
  }

  #takeCancel(received: ReceivedRequest): void {
    const { script, transport, dialog } = this.#state
    if (script.silent) {
      this.#state.finish({ outcome: 'cancelled', by: 'peer' })
      return
    }
    transport.respond(received, 200, { toTag: dialog.localTag })
    void this.#refuse(487, 'peer')
  }

  async #refuse(status: number, by: 'phone' | 'peer'): Promise<void> {
    const received = this.#open
    if (received === undefined) return
    this.#open = undefined
    const { transport, dialog } = this.#state
    this.#state.endedAtNs = nowNs()
    const acknowledged = this.#acks.expect(cseqOf(received.request).number)
    const response = transport.respond(received, status, { toTag: dialog.localTag })
    const isAcknowledged = await repeatUntilAcknowledged(this.#state, received, response, acknowledged)
    if (!isAcknowledged) this.#state.problems.push(`${status} was not acknowledged`)
    this.#state.finish({ outcome: by === 'peer' ? 'cancelled' : 'rejected', by, status })
  }

  async #ring(received: ReceivedRequest): Promise<void> {
    const state = this.#state
    const { script, signal } = state
    const receivedNs = nowNs()
    const afterMs = script.answer?.after ?? script.reject?.after ?? 0
    if (script.busy) return this.#refuse(486, 'phone')
    const isNever = script.silent || script.never || script['trying-only']
    if ((!isNever || script.early) && state.utterances.size === 0)
      state.utterances = await prepareUtterances(script, state.random)
    if (script.never || script.reliable || script.early || afterMs > 0) this.#sendRinging(received)
    await sleepMs(isNever ? ringLimitMs : Math.max(0, afterMs - (nowNs() - receivedNs) / nsPerMs), signal)
    if (state.hasEnded || this.#open === undefined) return
    if (isNever) return state.finish({ outcome: 'failed', by: 'phone', detail: 'the caller never gave up' })
    if (script.reject !== undefined) return this.#refuse(script.reject.status, 'phone')
    if (this.#awaitsPrack) await sleepMs(prackLimitMs, AbortSignal.any([this.#pracked.signal, signal]))
    if (!state.hasEnded && this.#open !== undefined) await this.#answer(received)
  }

  #sendRinging(received: ReceivedRequest): void {
    const state = this.#state
    const { request } = received
    const isEarly = (state.script.answer?.early || state.script.early) && request.body !== ''
    const sdp = isEarly ? state.answer(request.body) : undefined
    const canRely = [...headerList(request, 'supported'), ...headerList(request, 'require')].includes('100rel')
    const isReliable = state.script.reliable && canRely
    const headers: SipHeader[] = [
      ...(sdp === undefined ? [{ name: 'contact', value: state.dialog.contact }, allowHeader] : sdpHeaders(state)),
      ...(isReliable
        ? [
            { name: 'require', value: '100rel' },
            { name: 'rseq', value: String(1 + state.random.below(1000)) },
          ]
        : []),
    ]
    const options = { toTag: state.dialog.localTag, headers, body: sdp ?? '' }
    const response = state.transport.respond(received, sdp === undefined ? 180 : 183, options)
    state.note('ringing', { isEarly: sdp !== undefined, isReliable })
    const early = state.utterances.get(earlyUtterance)
    if (sdp !== undefined && early) void state.media.sender.play(early)
    if (!isReliable) return
    this.#awaitsPrack = true
    const stop = AbortSignal.any([this.#pracked.signal, state.signal])
    void repeatUntilAcknowledged(state, received, response, stop)
  }

  async #answer(received: ReceivedRequest): Promise<void> {
    const state = this.#state
    const { request } = received
    const sdp = request.body === '' ? state.offer() : state.answer(request.body)
    if (sdp === undefined) return this.#refuse(488, 'phone')
    this.#open = undefined
    const acknowledged = this.#acks.expect(cseqOf(request).number)
    const options = { toTag: state.dialog.localTag, headers: sdpHeaders(state), body: sdp }
    const response = state.transport.respond(received, 200, options)
    state.answeredAtNs = nowNs()
    state.note('answered')
    const confirmed = repeatUntilAcknowledged(state, received, response, acknowledged).then((isAcknowledged) => {
      if (!isAcknowledged) state.finish({ outcome: 'failed', by: 'peer', detail: 'the answer was not acknowledged' })
    })
    state.confirmed = confirmed
    // Without an offer in the INVITE the peer's address comes with the ACK.
    if (request.body === '') await confirmed
    await Promise.all([confirmed, runSteps(state)])
  }
}

const defaultAccount: DigestAccount = { username: 'phone', password: 'never accepted', realm: 'phone' }
