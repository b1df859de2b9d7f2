import { parseFields } from '../embedded/auth/challenge.ts'
import { parseMessage } from '../embedded/message/parse-message.ts'
import { parseCSeq, type SipMessage, type SipResponse, sdpOf } from '../embedded/message/sip-message.ts'
import { parseVia } from '../embedded/message/via.ts'

/** One challenge of a 401 or 407 as it was written. */
export interface HeardChallenge {
  /** `Digest`, or a scheme that is not answered. */
  readonly scheme: string
  readonly realm: string
  /** MD5 when none is named. */
  readonly algorithm: string
}

/** What a response says about why something works or does not. Texts are the peer's: not to be trusted. */
export interface HeardResponse {
  /** Method of the request that is answered. */
  readonly method: string
  readonly status: number
  readonly reason: string
  /** Server, else User-Agent. */
  readonly software?: string
  readonly allow: readonly string[]
  readonly challenges: readonly HeardChallenge[]
  /** Texts of Warning and Reason headers. */
  readonly warnings: readonly string[]
  /** Our address and port as the peer sees them. @see RFC 3581 */
  readonly seenFrom?: string
  readonly minExpiresS?: number
  /** What REGISTER was granted. */
  readonly expiresS?: number
  readonly retryAfterS?: number
  readonly sdp?: string
}

/** A request of ours as it went out. */
export interface SentRequest {
  readonly method: string
  readonly uri: string
  readonly from: string
  /** It carried an answer to a challenge. */
  readonly isAuthorized: boolean
  readonly sdp?: string
}

/** @returns undefined for what is no SIP request */
export function sentRequestOf(bytes: Buffer): SentRequest | undefined {
  const message = messageOf(bytes)
  if (message?.kind !== 'request') return undefined
  const { method, uri, headers } = message
  const sdp = sdpOf(message)
  const isAuthorized = headers.has('authorization') || headers.has('proxy-authorization')
  return { method, uri, from: headers.get('from') ?? '', isAuthorized, ...(sdp === undefined ? {} : { sdp }) }
}

/** @returns undefined for what is no SIP response */
export function heardResponseOf(bytes: Buffer): HeardResponse | undefined {
  const message = messageOf(bytes)
  if (message?.kind !== 'response') return undefined
  const { headers, status, reason } = message
  const software = headers.get('server') ?? headers.get('user-agent')
  const seenFrom = seenFromOf(message)
  const sdp = sdpOf(message)
  return {
    method: parseCSeq(headers.get('cseq') ?? '')?.method ?? '',
    status,
    reason,
    allow: headers.all('allow'),
    challenges: ['www-authenticate', 'proxy-authenticate'].flatMap((name) => headers.all(name).map(challengeOf)),
    warnings: [...headers.all('warning'), ...headers.all('reason')],
    ...(software && { software }),
    ...(seenFrom && { seenFrom }),
    ...numberIn('minExpiresS', headers.get('min-expires')),
    ...numberIn('expiresS', expiresOf(message)),
    ...numberIn('retryAfterS', headers.get('retry-after')),
    ...(sdp === undefined ? {} : { sdp }),
  }
}

function messageOf(bytes: Buffer): SipMessage | undefined {
  const result = parseMessage(bytes)
  return result.ok ? result.message : undefined
}

function challengeOf(value: string): HeardChallenge {
  const [scheme = '', rest = ''] = value.trim().split(/\s+(.*)/s)
  const fields = parseFields(rest)
  return { scheme, realm: fields.get('realm') ?? '', algorithm: fields.get('algorithm') ?? 'MD5' }
}

function seenFromOf(response: SipResponse): string | undefined {
  const params = parseVia(response.headers.get('via') ?? '')?.params
  const received = params?.get('received')
  if (typeof received !== 'string' || received === '') return undefined
  const port = params?.get('rport')
  const host = received.includes(':') ? `[${received.replace(/[[\]]/g, '')}]` : received
  return typeof port === 'string' && port !== '' ? `${host}:${port}` : host
}

/** The parameter of the binding, else the header. @see RFC 3261 section 10.2.4 */
function expiresOf({ headers }: SipResponse): string | undefined {
  const bound = headers.all('contact').map((value) => /;\s*expires\s*=\s*(\d{1,9})/i.exec(value)?.[1])
  return bound.find((value) => value !== undefined) ?? headers.get('expires')
}

function numberIn<K extends string>(name: K, text: string | undefined): { readonly [key in K]?: number } {
  const digits = /^\s*(\d{1,9})/.exec(text ?? '')?.[1]
  return digits === undefined ? {} : ({ [name]: Number(digits) } as { [key in K]: number })
}
