import { parseNameAddress } from '../message/name-address.ts'
import { type SipRequest, toOf } from '../message/sip-message.ts'
import { parseUri } from '../message/sip-uri.ts'

/**
 * Who may be meant by an INVITE, likeliest first: Request-URI, P-Called-Party-ID (RFC 7315: the number that was dialled,
 * where the Request-URI holds a registered contact), To. Local numbers with a global phone-context are made whole.
 */
export function calledUsersOf(request: SipRequest): readonly string[] {
  const party = parseNameAddress(request.headers.get('p-called-party-id') ?? '')
  return [request.uri, ...(party ? [party.uri] : []), toOf(request).uri].map(userOf)
}

/** @see RFC 3966 section 5.1.5 */
function userOf(uri: string): string {
  const parsed = parseUri(uri)
  const [number = '', ...inUser] = (parsed?.user ?? '').split(';')
  const param = parsed?.params.get('phone-context')
  const context = typeof param === 'string' ? param : inUser.find((text) => /^phone-context=/i.test(text))?.slice(14)
  return context?.startsWith('+') && !number.startsWith('+') ? `${context}${number}` : number
}
