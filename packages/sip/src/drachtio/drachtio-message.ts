import { wireName } from '../embedded/message/header-names.ts'
import { parseMessage } from '../embedded/message/parse-message.ts'
import type { SipMessage, SipRequest, SipResponse } from '../embedded/message/sip-message.ts'
import type { SipTransportName } from '../trunk-config.ts'

/** Set by the server for each response, or copied from the request. */
const serverHeaders = new Set(['via', 'from', 'to', 'call-id', 'cseq', 'content-length', 'record-route'])

/** These may not become a comma list; the last one is kept, of challenges the one every peer can answer. */
const unjoinable = new Set(['www-authenticate', 'proxy-authenticate', 'authorization', 'proxy-authorization'])

/** @returns undefined for a message that our parser refuses */
function messageOf(raw: string): SipMessage | undefined {
  const result = parseMessage(Buffer.from(raw, 'utf8'))
  return result.ok ? result.message : undefined
}

export function requestOf(raw: string): SipRequest | undefined {
  const message = messageOf(raw)
  return message?.kind === 'request' ? message : undefined
}

export function responseOf(raw: string): SipResponse | undefined {
  const message = messageOf(raw)
  return message?.kind === 'response' ? message : undefined
}

/**
 * Header fields as drachtio-srf takes them: one value per name, so fields of one name become a comma list. No value
 * can start a new line.
 * @see RFC 3261 section 7.3.1
 */
export function headersOf(message: SipMessage): Record<string, string> {
  const all: Record<string, string> = {}
  for (const { name, value } of message.headers) {
    if (name === 'content-length' || (message.kind === 'response' && serverHeaders.has(name))) continue
    const key = wireName(name)
    const clean = value.replace(/[\r\n]/g, ' ')
    all[key] = all[key] === undefined || unjoinable.has(name) ? clean : `${all[key]}, ${clean}`
  }
  return all
}

/** A transport as the server names it. One that trunks do not know, like `ws`, protects no more than a datagram does. */
export const transportNamed = (protocol: string | null): SipTransportName =>
  protocol === 'tcp' || protocol === 'tls' ? protocol : 'udp'

/** The other side of a message, as `udp:192.0.2.1:5060`. */
export const peerOf = (message: {
  readonly protocol: string
  readonly source_address: string
  readonly source_port: number
}): string => `${message.protocol}:${message.source_address}:${message.source_port}`

/** The body as text, absent when empty. */
export function bodyOf(message: SipMessage): { readonly body?: string } {
  return message.body.length === 0 ? {} : { body: message.body.toString('utf8') }
}
