import type { Random } from '@parley/core'
import type { SipRequest, SipResponse } from '../message/sip-message.ts'
import { type Challenge, challengesOf } from './challenge.ts'
import { formatCredentials } from './digest.ts'

export interface Credentials {
  readonly username: string
  readonly password: string
  /** Answer challenges of this realm only. Undefined: of any. */
  readonly realm?: string
}

/** Rounds of challenges one request may see: a chain of proxies may have several realms, stale nonces included. */
const maxRounds = 5

/**
 * Answers digest challenges of one dialog or registration. Keeps nonce counts; nonces are used again only when the
 * next challenge brings them.
 * @see RFC 3261 section 22
 */
export class DigestClient {
  /** May be set when the trunk is known only later. */
  credentials: Credentials | undefined
  private readonly random: Random
  private readonly counts = new Map<string, number>()

  constructor(credentials: Credentials | undefined, random: Random) {
    this.credentials = credentials
    this.random = random
  }

  /** Book-keeping for one request and its repeats with credentials. */
  attempt(): DigestAttempt {
    return new DigestAttempt((request, challenge) => this.apply(request, challenge), this.credentials)
  }

  private apply(request: SipRequest, challenge: Challenge): void {
    if (!this.credentials) return
    const count = (this.counts.get(challenge.nonce) ?? 0) + 1
    this.counts.set(challenge.nonce, count)
    const value = formatCredentials(challenge, {
      username: this.credentials.username,
      password: this.credentials.password,
      method: request.method,
      uri: request.uri,
      body: request.body,
      cnonce: Buffer.from(this.random.bytes(16)).toString('hex'),
      nonceCount: count,
    })
    request.headers.add(challenge.answerHeader, value)
  }
}

/** The challenges seen by one request. */
export class DigestAttempt {
  private readonly answered = new Map<string, Challenge>()
  private readonly apply: (request: SipRequest, challenge: Challenge) => void
  private readonly credentials: Credentials | undefined
  private rounds = 0

  constructor(apply: (request: SipRequest, challenge: Challenge) => void, credentials: Credentials | undefined) {
    this.apply = apply
    this.credentials = credentials
  }

  /**
   * Takes in a 401 or 407. True: send the request again (new branch, next CSeq) after `authorize`. False: there is
   * nothing to answer it with, or the credentials were refused: a realm asks again without `stale`.
   */
  challenge(response: SipResponse): boolean {
    this.rounds += 1
    if (!this.credentials || this.rounds > maxRounds) return false
    let progress = false
    for (const challenge of challengesOf(response)) {
      const key = `${challenge.answerHeader}|${challenge.realm}`
      if (this.credentials.realm !== undefined && this.credentials.realm !== challenge.realm) continue
      const before = this.answered.get(key)
      if (before && (!challenge.stale || before.nonce === challenge.nonce)) return false
      this.answered.set(key, challenge)
      progress = true
    }
    return progress
  }

  /** Adds credentials for every realm seen so far, to a request that has none. */
  authorize(request: SipRequest): void {
    for (const challenge of this.answered.values()) this.apply(request, challenge)
  }
}
