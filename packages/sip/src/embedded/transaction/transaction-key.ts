import { callIdOf, cseqOf, fromOf, type SipRequest, type SipResponse, tagOf, topVia } from '../message/sip-message.ts'

const cookie = 'z9hG4bK'

/** ACK and CANCEL belong to the INVITE they name. @see RFC 3261 section 17.2.3 */
export function serverKey(request: SipRequest, method = request.method): string {
  const via = topVia(request)
  const owner = method === 'ACK' ? 'INVITE' : method
  const sentBy = `${via.host.toLowerCase()}:${via.port ?? 5060}`
  if (via.branch.length > cookie.length && via.branch.startsWith(cookie)) return `${via.branch}|${sentBy}|${owner}`
  // RFC 2543 peers: no unique branch, so the fields that name the call have to do.
  const from = tagOf(fromOf(request)) ?? ''
  return `2543|${callIdOf(request)}|${from}|${cseqOf(request).number}|${sentBy}|${request.uri}|${owner}`
}

/** @see RFC 3261 section 17.1.3 */
export function clientKey(message: SipRequest | SipResponse): string {
  return `${topVia(message).branch}|${cseqOf(message).method}`
}

/** 128 random bits behind the cookie. */
export function newBranch(random: { bytes(count: number): Uint8Array }): string {
  return `${cookie}${Buffer.from(random.bytes(16)).toString('hex')}`
}
