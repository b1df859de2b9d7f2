import { header, type SipRequest, type SipResponse } from './sip-message.ts'
import type { SipAddress, SipTransport } from './sip-transport.ts'

const t1Ms = 500
const t2Ms = 4000
/** Timers B and F. @see RFC 3261 section 17.1 */
const giveUpMs = 64 * t1Ms

export interface TransactionOptions {
  onProvisional?(response: SipResponse): void
  /** A final response that came once more. */
  onRepeated?(response: SipResponse): void
  /** Time without any response after which the request is given up. */
  readonly timeoutMs?: number
}

/**
 * Sends a request, repeats it until there is an answer, and acknowledges failures of INVITE.
 * @returns the final response, or undefined when none came
 */
export function runClientTransaction(
  transport: SipTransport,
  request: SipRequest,
  to: SipAddress,
  options: TransactionOptions = {},
): Promise<SipResponse | undefined> {
  const isInvite = request.method === 'INVITE'
  return new Promise((resolve) => {
    let isFinal = false
    let intervalMs = t1Ms
    let repeat: NodeJS.Timeout | undefined
    const send = () => {
      transport.send(request, to)
      repeat = setTimeout(send, intervalMs)
      intervalMs = isInvite ? intervalMs * 2 : Math.min(intervalMs * 2, t2Ms)
    }
    const finish = (response: SipResponse | undefined) => {
      isFinal = true
      clearTimeout(repeat)
      clearTimeout(limit)
      // Repetitions of the final response still have to be acknowledged.
      if (response === undefined) forget()
      else setTimeout(forget, giveUpMs).unref()
      resolve(response)
    }
    const forget = transport.expectResponses(request, (response) => {
      if (response.status < 200) {
        if (isFinal) return
        if (isInvite) {
          clearTimeout(repeat)
          clearTimeout(limit)
        }
        options.onProvisional?.(response)
        return
      }
      if (isInvite && response.status >= 300) transport.send(ackOfFailure(request, response), to)
      if (isFinal) options.onRepeated?.(response)
      else finish(response)
    })
    const limit = setTimeout(() => finish(undefined), options.timeoutMs ?? giveUpMs)
    send()
  })
}

/** @see RFC 3261 section 17.1.1.3: same branch, To of the response */
function ackOfFailure(request: SipRequest, response: SipResponse): SipRequest {
  const kept = request.headers.filter(({ name }) => ['via', 'from', 'call-id', 'route', 'max-forwards'].includes(name))
  const number = (header(request, 'cseq') ?? '').split(' ')[0]
  return {
    kind: 'request',
    method: 'ACK',
    uri: request.uri,
    headers: [...kept, { name: 'to', value: header(response, 'to') ?? '' }, { name: 'cseq', value: `${number} ACK` }],
    body: '',
  }
}
