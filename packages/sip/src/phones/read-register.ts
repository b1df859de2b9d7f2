import { parseNameAddress } from '../embedded/message/name-address.ts'
import { callIdOf, cseqOf, type SipRequest } from '../embedded/message/sip-message.ts'
import { parseUri } from '../embedded/message/sip-uri.ts'
import type { Peer } from '../embedded/transport/transport.ts'
import type { BindingChange } from './binding-table.ts'

/** Taste: short, since bindings are lost with the process and come back within this time. */
const longestS = 300
/** Taste: below it a telephone would mostly register. */
export const shortestS = 30
const maxContacts = 3
const maxContactChars = 512
const maxCallIdChars = 256

/** `change` absent: the telephone only asks what is known of it. */
export type RegisterWish =
  | { readonly kind: 'wish'; readonly change?: BindingChange }
  | { readonly kind: 'refused'; readonly status: 400 | 423 }

/** What a REGISTER wants, as far as it can be had. @see RFC 3261 sections 10.2 and 10.3 */
export function readRegister(request: SipRequest, source: Pick<Peer, 'host' | 'port'>): RegisterWish {
  const values = request.headers.all('contact')
  if (values.length === 0) return { kind: 'wish' }
  const callId = callIdOf(request)
  const defaultS = secondsOf(request.headers.get('expires')) ?? longestS
  const isForAll = values.some((value) => value.trim() === '*')
  if (values.length > maxContacts || callId.length > maxCallIdChars) return bad
  if (isForAll && (values.length > 1 || request.headers.get('expires')?.trim() !== '0')) return bad
  const contacts = isForAll ? [] : values.map((value) => contactOf(value, defaultS))
  const usable = contacts.filter((contact) => contact !== undefined)
  if (usable.length < contacts.length) return bad
  if (usable.some(({ seconds }) => seconds > 0 && seconds < shortestS)) return { kind: 'refused', status: 423 }
  const { host, port } = source
  const change = {
    contacts: usable,
    everything: isForAll,
    source: { host, port },
    callId,
    cseq: cseqOf(request).number,
  }
  return { kind: 'wish', change }
}

const bad: RegisterWish = { kind: 'refused', status: 400 }

function contactOf(value: string, defaultS: number): { contact: string; seconds: number } | undefined {
  const address = parseNameAddress(value)
  const uri = address && parseUri(address.uri)
  if (!address || uri?.scheme !== 'sip' || uri.host === '' || address.uri.length > maxContactChars) return undefined
  const expires = address.params.get('expires')
  const seconds = (typeof expires === 'string' ? secondsOf(expires) : undefined) ?? defaultS
  return { contact: address.uri, seconds: Math.min(seconds, longestS) }
}

/** Undefined: it says nothing that can be read, which counts as nothing said. @see RFC 3261 section 20.10 */
function secondsOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d{1,10}\s*$/.test(text) ? Number(text) : undefined
}
