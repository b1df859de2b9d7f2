import { createHash } from 'node:crypto'
import { splitOutside, unquote } from '../message/params.ts'
import type { SipResponse } from '../message/sip-message.ts'

export type Algorithm = 'MD5' | 'MD5-sess' | 'SHA-256' | 'SHA-256-sess'

export interface Challenge {
  /** Where the credentials go: `authorization` answers `www-authenticate`. */
  readonly answerHeader: 'authorization' | 'proxy-authorization'
  readonly realm: string
  readonly nonce: string
  readonly algorithm: Algorithm
  /** The algorithm was named, so it must be named in the answer. */
  readonly algorithmNamed: boolean
  readonly qop?: 'auth' | 'auth-int'
  readonly opaque?: string
  readonly stale: boolean
}

/** Weakest first. */
const algorithms: readonly Algorithm[] = ['MD5', 'MD5-sess', 'SHA-256', 'SHA-256-sess']

/**
 * The challenges of a 401 or 407 that we can answer: one per realm, with the strongest algorithm offered.
 * @see RFC 8760 section 2.4
 */
export function challengesOf(response: SipResponse): readonly Challenge[] {
  const best = new Map<string, Challenge>()
  for (const name of ['www-authenticate', 'proxy-authenticate'] as const) {
    for (const value of response.headers.all(name)) {
      const challenge = parseChallenge(value, name)
      if (!challenge) continue
      const key = `${challenge.answerHeader}|${challenge.realm}`
      const other = best.get(key)
      if (!other || strength(challenge) > strength(other)) best.set(key, challenge)
    }
  }
  return [...best.values()]
}

/** @returns undefined for other schemes, unknown algorithms and missing nonces */
export function parseChallenge(value: string, name: 'www-authenticate' | 'proxy-authenticate'): Challenge | undefined {
  const match = /^digest\s+(.*)$/is.exec(value.trim())
  if (!match?.[1]) return undefined
  const fields = parseFields(match[1])
  const named = fields.get('algorithm')
  const algorithm = algorithms.find((known) => known.toLowerCase() === (named ?? 'MD5').toLowerCase())
  const nonce = fields.get('nonce')
  if (!algorithm || nonce === undefined) return undefined
  const offered = fields
    .get('qop')
    ?.split(',')
    .map((option) => option.trim().toLowerCase())
  const qop = offered?.includes('auth') ? 'auth' : offered?.includes('auth-int') ? 'auth-int' : undefined
  const opaque = fields.get('opaque')
  return {
    answerHeader: name === 'www-authenticate' ? 'authorization' : 'proxy-authorization',
    realm: fields.get('realm') ?? '',
    nonce,
    algorithm,
    algorithmNamed: named !== undefined,
    stale: fields.get('stale')?.toLowerCase() === 'true',
    ...(qop ? { qop } : {}),
    ...(opaque === undefined ? {} : { opaque }),
  }
}

/** `name=value` pairs; names in lower case, quotes kept off. */
export function parseFields(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  for (const part of splitOutside(text, ',')) {
    const equals = part.indexOf('=')
    if (equals > 0) fields.set(part.slice(0, equals).trim().toLowerCase(), unquote(part.slice(equals + 1).trim()))
  }
  return fields
}

/** The nonce a server wants to see next time. @see RFC 7616 section 3.5 */
export function nextNonceOf(response: SipResponse): string | undefined {
  for (const name of ['authentication-info', 'proxy-authentication-info']) {
    const nonce = parseFields(response.headers.all(name).join(',')).get('nextnonce')
    if (nonce) return nonce
  }
  return undefined
}

/** Hex digest with the hash of the algorithm. */
export function hashWith(algorithm: Algorithm, text: string | Buffer): string {
  return createHash(algorithm.startsWith('MD5') ? 'md5' : 'sha256')
    .update(text)
    .digest('hex')
}

const strength = (challenge: Challenge) => algorithms.indexOf(challenge.algorithm)
