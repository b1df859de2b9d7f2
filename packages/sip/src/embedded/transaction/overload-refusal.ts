import { createHash } from 'node:crypto'
import { responseTo, type SipRequest, type SipResponse } from '../message/sip-message.ts'

/** As long as a transaction is remembered. */
const retryAfterS = '32'

/**
 * 503 without a transaction, for a source that has too many. Whoever repeats the request gets the same response.
 * `key`: of the transaction it would have been.
 * @see RFC 3261 sections 8.2.7 and 21.5.4
 */
export function overloadRefusal(request: SipRequest, key: string): SipResponse {
  const tag = createHash('sha256').update(key).digest('hex').slice(0, 16)
  const response = responseTo(request, 503, 'Service Unavailable', tag)
  response.headers.add('retry-after', retryAfterS)
  return response
}
