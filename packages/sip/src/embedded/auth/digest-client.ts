import type { Random } from '@parley/core'
import type { SipRequest, SipResponse } from '../message/sip-message.ts'
import { type Challenge, challengesOf, nextNonceOf } from './challenge.ts'
import { formatCredentials } from './digest.ts'

export interface Credentials {
  readonly username: string
  readonly password: string
  /** Answer challenges of this realm only. Undefined: of any. */
  readonly realm?: string
}

/** Rounds of challenges one request may see: a chain of proxies may have several realms, stale nonces included. */
const maxRounds = 5

/** Taste: realms and nonces one dialog may meet before the oldest are forgotten. */
const maxRemembered = 32

/**
 * Answers digest challenges of one dialog or registration. Keeps nonce counts, and the challenges that were satisfied:
 * later requests bring credentials along without being asked.
 * @see RFC 3261 section 22, RFC 7616 sections 3.4 and 3.5 (nextnonce)
 */
export class DigestClient {
  /** May be set when the trunk is known only later. */
  credentials: Credentials | undefined
  private readonly random: Random
  private readonly counts = new Map<string, number>()
  private readonly satisfied = new Map<string, Challenge>()

  constructor(credentials: Credentials | undefined, random: Random) {
    this.credentials = credentials
    this.random = random
  }

  /** Book-keeping for one request and its repeats with credentials. */
  attempt(): DigestAttempt {
    return new DigestAttempt(
      (request, challenge) => this.apply(request, challenge),
      this.credentials,
      [...this.satisfied.values()],
      (challenges) => this.remember(challenges),
    )
  }

  /** Forgets what was satisfied: the next request goes to somebody else. */
  forget(): void {
    this.satisfied.clear()
  }

  private remember(challenges: readonly Challenge[]): void {
    for (const challenge of challenges) put(this.satisfied, keyOf(challenge), challenge)
  }

  private apply(request: SipRequest, challenge: Challenge): void {
    if (!this.credentials) return
    const count = (this.counts.get(challenge.nonce) ?? 0) + 1
    put(this.counts, challenge.nonce, count)
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
  /** Answered because somebody asked for it. */
  private readonly answered = new Map<string, Challenge>()
  /** Brought along unasked. */
  private readonly brought = new Map<string, Challenge>()
  private readonly apply: (request: SipRequest, challenge: Challenge) => void
  private readonly credentials: Credentials | undefined
  private readonly onSatisfied: (challenges: readonly Challenge[]) => void
  private rounds = 0

  constructor(
    apply: (request: SipRequest, challenge: Challenge) => void,
    credentials: Credentials | undefined,
    satisfied: readonly Challenge[],
    onSatisfied: (challenges: readonly Challenge[]) => void,
  ) {
    this.apply = apply
    this.credentials = credentials
    this.onSatisfied = onSatisfied
    for (const challenge of satisfied) this.brought.set(keyOf(challenge), challenge)
  }

  /**
   * Takes in a 401 or 407. True: send the request again (new branch, next CSeq) after `authorize`. False: there is
   * nothing to answer it with, or the credentials were refused: a realm that was answered asks again without `stale`,
   * or for the same nonce. So a wrong password is shown once per request. Credentials brought along were right before;
   * a realm that asks all the same gets them once more.
   */
  challenge(response: SipResponse): boolean {
    this.rounds += 1
    if (!this.credentials || this.rounds > maxRounds) return false
    let progress = false
    for (const challenge of challengesOf(response)) {
      const key = keyOf(challenge)
      if (this.credentials.realm !== undefined && this.credentials.realm !== challenge.realm) continue
      const before = this.answered.get(key)
      if (before && (!challenge.stale || before.nonce === challenge.nonce)) return false
      this.answered.set(key, challenge)
      progress = true
    }
    return progress
  }

  /** Adds credentials for every realm known so far, to a request that has none. */
  authorize(request: SipRequest): void {
    for (const challenge of this.current()) this.apply(request, challenge)
  }

  /** Takes in any other response: what was answered is good for later requests, with the nonce the server names next. */
  accepted(response: SipResponse): void {
    if (response.status < 200 || response.status >= 300) return
    const next = nextNonceOf(response)
    this.onSatisfied(
      this.current().map((challenge) => (next === undefined ? challenge : { ...challenge, nonce: next })),
    )
  }

  private current(): readonly Challenge[] {
    return [...new Map([...this.brought, ...this.answered]).values()]
  }
}

const keyOf = (challenge: Challenge) => `${challenge.answerHeader}|${challenge.realm}`

/** Sets and drops the oldest entry when there are too many. */
function put<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key)
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > maxRemembered && oldest !== undefined) map.delete(oldest)
}
