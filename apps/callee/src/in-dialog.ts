import type { CallState } from './call-state.ts'
import { runClientTransaction } from './client-transaction.ts'
import { nowNs, sleepMs } from './monotonic-clock.ts'
import { cseqOf, type SipHeader, type SipResponse } from './sip-message.ts'
import type { ReceivedRequest } from './sip-transport.ts'

/** Methods the phone answers. */
export const allowHeader: SipHeader = {
  name: 'allow',
  value: 'INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK',
}

const sdpType: SipHeader = { name: 'content-type', value: 'application/sdp' }

/** Headers of a message that carries our SDP. */
export function sdpHeaders(state: CallState): SipHeader[] {
  return [{ name: 'contact', value: state.dialog.contact }, allowHeader, sdpType]
}

const t1Ms = 500
const t2Ms = 4000
const giveUpMs = 64 * t1Ms

/**
 * Repeats a final response to INVITE until `isAcknowledged`. False when that never came.
 * @see RFC 3261 section 13.3.1.4 and timers G and H of 17.2.1
 */
export async function repeatUntilAcknowledged(
  state: CallState,
  received: ReceivedRequest,
  response: SipResponse,
  acknowledged: AbortSignal,
): Promise<boolean> {
  let intervalMs = t1Ms
  for (let waitedMs = 0; waitedMs < giveUpMs; ) {
    await sleepMs(intervalMs, acknowledged)
    if (acknowledged.aborted) return true
    waitedMs += intervalMs
    state.transport.send(response, received.from)
    intervalMs = Math.min(intervalMs * 2, t2Ms)
  }
  return acknowledged.aborted
}

/** ACKs that are waited for, by the CSeq number of their INVITE. */
export class PendingAcks {
  readonly #waiting = new Map<number, AbortController>()

  /** Aborted when the ACK comes. */
  expect(cseq: number): AbortSignal {
    const arrival = new AbortController()
    this.#waiting.set(cseq, arrival)
    return arrival.signal
  }

  /** True the first time. */
  take(cseq: number): boolean {
    this.#waiting.get(cseq)?.abort()
    return this.#waiting.delete(cseq)
  }

  /** Stops all waiting. */
  clear(): void {
    for (const arrival of this.#waiting.values()) arrival.abort()
    this.#waiting.clear()
  }
}

/** Serves a request of the peer inside an answered or early dialog. */
export function handleInDialog(state: CallState, acks: PendingAcks, received: ReceivedRequest): void {
  const { request } = received
  const respond = (status: number) => state.transport.respond(received, status, { toTag: state.dialog.localTag })
  state.peer = received.from
  switch (request.method) {
    case 'ACK':
      if (acks.take(cseqOf(request).number) && request.body !== '') state.acceptAnswer(request.body)
      return
    case 'BYE':
      state.endedAtNs = nowNs()
      respond(200)
      state.finish({ outcome: 'completed', by: 'peer' })
      return
    case 'INVITE':
    case 'UPDATE':
      answerReoffer(state, acks, received)
      return
    case 'INFO':
      state.note('info', { body: request.body })
      respond(200)
      return
    case 'OPTIONS':
    case 'PRACK':
    case 'CANCEL':
      respond(200)
      return
    default:
      respond(501)
  }
}

/** Answers a re-INVITE or UPDATE. An offerless one gets our offer; the answer comes in the ACK. */
function answerReoffer(state: CallState, acks: PendingAcks, received: ReceivedRequest): void {
  const { request } = received
  state.dialog.refreshTarget(request)
  const sdp = request.body === '' ? (request.method === 'INVITE' ? state.offer() : '') : state.answer(request.body)
  state.note('reoffered', { direction: state.media.remote?.direction })
  if (sdp === undefined) {
    state.transport.respond(received, 488, { toTag: state.dialog.localTag })
    return
  }
  const response = state.transport.respond(received, 200, {
    toTag: state.dialog.localTag,
    headers: sdp === '' ? [{ name: 'contact', value: state.dialog.contact }] : sdpHeaders(state),
    body: sdp,
  })
  if (request.method !== 'INVITE') return
  const acknowledged = AbortSignal.any([acks.expect(cseqOf(request).number), state.signal])
  void repeatUntilAcknowledged(state, received, response, acknowledged)
}

/** Sends BYE and ends the call once it is answered, or after two seconds. */
export async function hangUp(state: CallState): Promise<void> {
  // RFC 3261 section 15: the callee sends no BYE before the ACK.
  await state.confirmed
  if (state.hasEnded || state.endedAtNs !== undefined) return
  state.endedAtNs = nowNs()
  const { request, to } = state.dialog.request('BYE')
  await runClientTransaction(state.transport, request, to, { timeoutMs: 2000 })
  state.finish({ outcome: 'completed', by: 'phone' })
}

/** Offers again inside the dialog. False when the peer refuses or does not answer. */
async function reoffer(state: CallState, direction: 'sendrecv' | 'sendonly' | 'inactive'): Promise<boolean> {
  const body = state.offer(direction)
  const { request, to } = state.dialog.request('INVITE', { headers: [allowHeader, sdpType], body })
  const acknowledge = () => {
    const ack = state.dialog.request('ACK', { cseq: cseqOf(request).number })
    state.transport.send(ack.request, ack.to)
  }
  const response = await runClientTransaction(state.transport, request, to, {
    timeoutMs: 5000,
    onRepeated: (repeated) => repeated.status < 300 && acknowledge(),
  })
  if (response === undefined || response.status >= 300) return false
  acknowledge()
  return state.acceptAnswer(response.body)
}

/** Puts the peer on hold and takes it back after `ms`. */
export async function holdFor(state: CallState, ms: number, mode: 'sendonly' | 'inactive'): Promise<void> {
  if (!(await reoffer(state, mode))) state.problems.push('the peer refused the hold')
  state.note('hold')
  await sleepMs(ms, state.signal)
  if (state.hasEnded) return
  if (!(await reoffer(state, 'sendrecv'))) state.problems.push('the peer refused the end of the hold')
  state.note('unhold')
}
