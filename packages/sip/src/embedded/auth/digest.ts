import { quote } from '../message/params.ts'
import { type Challenge, hashWith } from './challenge.ts'

export interface DigestInput {
  readonly username: string
  readonly password: string
  readonly method: string
  /** The digest-uri; for SIP the Request-URI. */
  readonly uri: string
  readonly body: Buffer
  readonly cnonce: string
  /** How often this nonce was used, this time included. */
  readonly nonceCount: number
}

/**
 * The `response` field of the credentials.
 * @see RFC 7616 section 3.4.1, RFC 8760, RFC 3261 section 22.4
 */
export function digestResponse(
  challenge: Pick<Challenge, 'algorithm' | 'realm' | 'nonce' | 'qop'>,
  input: DigestInput,
): string {
  const hash = (text: string | Buffer) => hashWith(challenge.algorithm, text)
  const { nonce, qop } = challenge
  const plain = hash(`${input.username}:${challenge.realm}:${input.password}`)
  const a1 = challenge.algorithm.endsWith('-sess') ? hash(`${plain}:${nonce}:${input.cnonce}`) : plain
  const a2 = hash(`${input.method}:${input.uri}${qop === 'auth-int' ? `:${hash(input.body)}` : ''}`)
  if (!qop) return hash(`${a1}:${nonce}:${a2}`) // RFC 2069 servers
  return hash(`${a1}:${nonce}:${formatCount(input.nonceCount)}:${input.cnonce}:${qop}:${a2}`)
}

/** Value of an `Authorization` or `Proxy-Authorization` header. */
export function formatCredentials(challenge: Challenge, input: DigestInput): string {
  const fields = [
    `username=${quote(input.username)}`,
    `realm=${quote(challenge.realm)}`,
    `nonce=${quote(challenge.nonce)}`,
    `uri=${quote(input.uri)}`,
    `response="${digestResponse(challenge, input)}"`,
  ]
  if (challenge.algorithmNamed) fields.push(`algorithm=${challenge.algorithm}`)
  if (challenge.opaque !== undefined) fields.push(`opaque=${quote(challenge.opaque)}`)
  if (challenge.qop || challenge.algorithm.endsWith('-sess')) fields.push(`cnonce="${input.cnonce}"`)
  if (challenge.qop) fields.push(`qop=${challenge.qop}`, `nc=${formatCount(input.nonceCount)}`)
  return `Digest ${fields.join(', ')}`
}

const formatCount = (count: number) => count.toString(16).padStart(8, '0')
