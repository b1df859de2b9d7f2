import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Clock, Random } from '@parley/core'
import type { InboundAccount } from '../../sip-stack.ts'
import { quote } from '../message/params.ts'
import type { SipRequest } from '../message/sip-message.ts'
import { type Algorithm, parseFields } from './challenge.ts'
import { digestResponse } from './digest.ts'

export interface DigestServerOptions {
  readonly clock: Clock
  readonly random: Random
  readonly realm: string
}

/**
 * `missing`: no credentials for our realm; `stale`: the nonce is old, used up or not ours; `refused`: wrong; `throttled`:
 * not even looked at. All but `accepted` and `throttled` are answered with a challenge.
 */
export type DigestVerdict =
  | { readonly kind: 'accepted'; readonly username: string }
  | { readonly kind: 'missing' | 'stale' | 'refused' | 'throttled' }

/** Strongest first, as they are offered. */
const offered: readonly Algorithm[] = ['SHA-256', 'MD5']
/** Taste: long enough for a caller that retries over a lossy line. */
const nonceLifeMs = 60_000
/** Taste: a misconfigured carrier is heard again a minute later; a guesser gets ten guesses a minute. */
const failureWindowMs = 60_000
const maxFailures = 10
/** Nonces in use and sources with failures that are remembered. */
const maxRemembered = 10_000

interface Use {
  readonly issuedMs: number
  readonly count: number
}

/**
 * Asks callers for digest credentials. Nonces bear their age and a MAC, so a challenge costs no memory; what is
 * remembered is bounded: the counts of nonces that were used well, and the failures of each source.
 * @see RFC 7616, RFC 8760, RFC 3261 section 22.4
 */
export class DigestServer {
  private readonly options: DigestServerOptions
  private readonly secret: Buffer
  private readonly used = new Map<string, Use>()
  private readonly failures = new Map<string, { readonly untilMs: number; readonly count: number }>()
  /** Nonces this old or older may have been used and forgotten. */
  private forgottenMs = Number.NEGATIVE_INFINITY

  constructor(options: DigestServerOptions) {
    this.options = options
    this.secret = Buffer.from(options.random.bytes(32))
  }

  /** Values of WWW-Authenticate, for one 401: algorithms that serve all accounts. A nonce is good for `source` alone. */
  challenge(source: string, accounts: readonly InboundAccount[], stale: boolean): readonly string[] {
    const issued = Math.floor(this.options.clock.nowMs()).toString(36)
    const salt = Buffer.from(this.options.random.bytes(9)).toString('base64url')
    const nonce = `${issued}.${salt}.${this.mac(issued, salt, source)}`
    const common = `Digest realm=${quote(this.options.realm)}, nonce="${nonce}", qop="auth"`
    const wanted = offered.filter((algorithm) =>
      accounts.every((account) => (account.algorithm ?? algorithm) === algorithm),
    )
    return (wanted.length > 0 ? wanted : offered).map(
      (algorithm) => `${common}, algorithm=${algorithm}${stale ? ', stale=true' : ''}`,
    )
  }

  /** Never throws; takes the same time for a wrong name and a wrong password. */
  verify(request: SipRequest, source: string, accounts: readonly InboundAccount[]): DigestVerdict {
    const fields = request.headers
      .all('authorization')
      .map((value) => parseFields(/^digest\s+(.*)$/is.exec(value.trim())?.[1] ?? ''))
      .find((candidate) => candidate.get('realm') === this.options.realm)
    if (!fields) return { kind: 'missing' }
    if (this.isThrottled(source)) return { kind: 'throttled' }
    const nonce = fields.get('nonce') ?? ''
    const issuedMs = this.issuedMsOf(nonce, source)
    if (issuedMs === undefined) return { kind: 'stale' }
    const count = countOf(fields)
    const account = accounts.find(({ username }) => username === fields.get('username'))
    if (!matches(request, fields, account) || count === undefined) {
      this.noteFailure(source)
      return { kind: 'refused' }
    }
    // Counted only now: nobody can use up the nonces of others.
    if (issuedMs <= this.forgottenMs || count <= (this.used.get(nonce)?.count ?? 0)) return { kind: 'stale' }
    this.noteUse(nonce, { issuedMs, count })
    return { kind: 'accepted', username: fields.get('username') ?? '' }
  }

  private issuedMsOf(nonce: string, source: string): number | undefined {
    const [issued = '', salt = '', mac = '', ...more] = nonce.split('.')
    if (more.length > 0 || !isSame(mac, this.mac(issued, salt, source))) return undefined
    const issuedMs = Number.parseInt(issued, 36)
    return this.options.clock.nowMs() - issuedMs <= nonceLifeMs ? issuedMs : undefined
  }

  private mac(issued: string, salt: string, source: string): string {
    return createHmac('sha256', this.secret).update(`${issued}|${salt}|${source}`).digest('base64url').slice(0, 22)
  }

  private noteUse(nonce: string, use: Use): void {
    this.used.delete(nonce)
    this.used.set(nonce, use)
    const nowMs = this.options.clock.nowMs()
    for (const [old, { issuedMs }] of this.used) {
      if (nowMs - issuedMs <= nonceLifeMs && this.used.size <= maxRemembered) break
      this.used.delete(old)
      this.forgottenMs = Math.max(this.forgottenMs, issuedMs)
    }
  }

  private isThrottled(source: string): boolean {
    const known = this.failures.get(source)
    if (known && known.untilMs <= this.options.clock.nowMs()) this.failures.delete(source)
    return (this.failures.get(source)?.count ?? 0) >= maxFailures
  }

  private noteFailure(source: string): void {
    const known = this.failures.get(source)
    const untilMs = known?.untilMs ?? this.options.clock.nowMs() + failureWindowMs
    this.failures.set(source, { untilMs, count: (known?.count ?? 0) + 1 })
    const [oldest] = this.failures.keys()
    if (this.failures.size > maxRemembered && oldest !== undefined) this.failures.delete(oldest)
  }
}

/** A caller of RFC 2069 counts nothing: its nonce is good once. */
function countOf(fields: ReadonlyMap<string, string>): number | undefined {
  if (!fields.has('qop')) return 1
  const text = fields.get('nc') ?? ''
  return /^[0-9a-f]{8}$/i.test(text) ? Number.parseInt(text, 16) : undefined
}

function matches(
  request: SipRequest,
  fields: ReadonlyMap<string, string>,
  account: InboundAccount | undefined,
): boolean {
  const algorithm = offered.find((name) => name.toLowerCase() === (fields.get('algorithm') ?? 'MD5').toLowerCase())
  const qop = fields.get('qop')?.toLowerCase()
  if (!algorithm || (account?.algorithm ?? algorithm) !== algorithm) return false
  if (qop !== undefined && qop !== 'auth') return false
  const expected = digestResponse(
    { algorithm, realm: fields.get('realm') ?? '', nonce: fields.get('nonce') ?? '', ...(qop ? { qop } : {}) },
    {
      username: fields.get('username') ?? '',
      password: account?.password ?? '',
      method: request.method,
      // Not compared with the Request-URI: proxies rewrite that, and some callers sign the bare host.
      uri: fields.get('uri') ?? '',
      body: request.body,
      cnonce: fields.get('cnonce') ?? '',
      nonceCount: countOf(fields) ?? 0,
    },
  )
  return isSame((fields.get('response') ?? '').toLowerCase(), expected) && account !== undefined
}

/** Compares in a time that depends on the length alone. */
function isSame(given: string, expected: string): boolean {
  const a = Buffer.from(given)
  const b = Buffer.from(expected)
  return a.length === b.length && timingSafeEqual(a, b)
}
