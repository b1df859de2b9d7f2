import { Headers } from './headers.ts'
import { type NameAddress, parseNameAddress } from './name-address.ts'
import { parseVia, type Via } from './via.ts'

export interface SipRequest {
  readonly kind: 'request'
  readonly method: string
  /** Request-URI as it stands on the wire. */
  readonly uri: string
  readonly headers: Headers
  readonly body: Buffer
}

export interface SipResponse {
  readonly kind: 'response'
  readonly status: number
  readonly reason: string
  readonly headers: Headers
  readonly body: Buffer
}

export type SipMessage = SipRequest | SipResponse

export interface CSeq {
  readonly number: number
  readonly method: string
}

export const noBody: Buffer = Buffer.alloc(0)

/**
 * The mandatory fields of a message. Parsed messages were checked to have them, so these throw only for a message of
 * our own that was built wrongly.
 */
export function topVia(message: SipMessage): Via {
  return must(parseVia(message.headers.get('via') ?? ''), 'via')
}

export function fromOf(message: SipMessage): NameAddress {
  return must(parseNameAddress(message.headers.get('from') ?? ''), 'from')
}

export function toOf(message: SipMessage): NameAddress {
  return must(parseNameAddress(message.headers.get('to') ?? ''), 'to')
}

export function callIdOf(message: SipMessage): string {
  return must(message.headers.get('call-id'), 'call-id')
}

export function cseqOf(message: SipMessage): CSeq {
  return must(parseCSeq(message.headers.get('cseq') ?? ''), 'cseq')
}

/** @see RFC 3261 section 8.1.1.5: below 2**31 */
export function parseCSeq(value: string): CSeq | undefined {
  const match = /^0*(\d{1,10})[ \t]+([A-Za-z0-9.!%*_+`'~-]+)$/.exec(value)
  if (!match?.[1] || !match[2]) return undefined
  const number = Number(match[1])
  return number < 2 ** 31 ? { number, method: match[2] } : undefined
}

export function tagOf(address: NameAddress): string | undefined {
  const tag = address.params.get('tag')
  return typeof tag === 'string' ? tag : undefined
}

/** The body when it is a session description. */
export function sdpOf(message: SipMessage): string | undefined {
  if (message.body.length === 0) return undefined
  const type = message.headers.get('content-type') ?? ''
  return /^application\/sdp\s*(;|$)/i.test(type) ? message.body.toString('utf8') : undefined
}

/** Cause of the `Reason: Q.850;cause=n` header. @see RFC 3326 */
export function q850Of(message: SipMessage): number | undefined {
  for (const value of message.headers.all('reason')) {
    const match = /^\s*q\.850\s*;.{0,100}?cause\s*=\s*(\d{1,3})\b/i.exec(value)
    if (match) return Number(match[1])
  }
  return undefined
}

/**
 * A response with the fields that must be copied from the request.
 * @see RFC 3261 section 8.2.6.2
 */
export function responseTo(request: SipRequest, status: number, reason: string, toTag?: string): SipResponse {
  const headers = new Headers().addAll('via', request.headers.all('via'))
  for (const name of ['from', 'to', 'call-id', 'cseq']) headers.add(name, request.headers.get(name) ?? '')
  if (toTag && status > 100 && !tagOf(toOf(request))) headers.set('to', `${request.headers.get('to')};tag=${toTag}`)
  if (status > 100 && status < 300) headers.addAll('record-route', request.headers.all('record-route'))
  return { kind: 'response', status, reason, headers, body: noBody }
}

export function withSdp<M extends SipMessage>(message: M, sdp: string): M {
  message.headers.set('content-type', 'application/sdp')
  return { ...message, body: Buffer.from(sdp, 'utf8') }
}

function must<T>(value: T | undefined, field: string): T {
  if (value === undefined) throw new Error(`message without a valid ${field}`)
  return value
}
