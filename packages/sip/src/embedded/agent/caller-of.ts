import { fromOf, type SipRequest } from '../message/sip-message.ts'
import { parseUri } from '../message/sip-uri.ts'

/** From, or P-Asserted-Identity when From hides the caller. The sources are trusted trunks. @see RFC 3325 */
export function callerOf(request: SipRequest): string {
  const from = parseUri(fromOf(request).uri)?.user ?? ''
  if (from !== '' && from.toLowerCase() !== 'anonymous') return from
  const asserted = request.headers.get('p-asserted-identity') ?? ''
  return parseUri(/<([^<>\s]{1,256})>/.exec(asserted)?.[1] ?? asserted)?.user || from
}
