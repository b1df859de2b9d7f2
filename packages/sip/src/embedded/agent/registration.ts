import type { Clock, Logger, Random } from '@parley/core'
import type { RegistrationHandle, RegistrationRequest, SipHop } from '../../sip-stack.ts'
import { type DigestAttempt, DigestClient } from '../auth/digest-client.ts'
import { Headers } from '../message/headers.ts'
import { noBody, type SipRequest, type SipResponse } from '../message/sip-message.ts'
import { formatUri } from '../message/sip-uri.ts'
import { TimerSet } from '../transaction/timer-set.ts'
import { newTag } from './agent-context.ts'
import { grantedSeconds } from './granted-seconds.ts'
import { hopAfter, registrarUri } from './registration-target.ts'

/** Shortest and longest pause after a failure; doubling between them. */
const firstRetryMs = 2_000
const maxRetryMs = 60_000
const maxExpiresS = 7_200
/** So many failures make the longest pause. */
const patientFailures = 5

/** One REGISTER on its way. Exactly one of the two is called, `onFinal` after challenges were answered. */
export interface RegisterOrder {
  readonly hop: SipHop
  readonly attempt: DigestAttempt
  /** Removes a binding: nobody waits for its answer. */
  readonly isLast: boolean
  /** Made anew for each attempt. */
  create(): SipRequest
  onFinal(response: SipResponse): void
  onFailure(detail: string, blame: Blame): void
}

/** Whom a failure speaks against. */
export type Blame = 'gateway' | 'account' | 'nobody'

/** How a stack carries REGISTERs. */
export interface RegistrationLine {
  /** Value of Contact. */
  contact(hop: SipHop, account: string): string
  send(order: RegisterOrder): void
}

export interface RegistrationContext {
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly userAgent: string
}

/**
 * Keeps one binding alive at the first gateway that takes it: refreshed at half its life, the next gateway after a
 * failure, removed by `close`.
 * @see RFC 3261 section 10.2
 */
export class Registration implements RegistrationHandle {
  private readonly context: RegistrationContext
  private readonly line: RegistrationLine
  private readonly wanted: RegistrationRequest
  private readonly timers: TimerSet<'next'>
  private readonly digest: DigestClient
  private readonly callId: string
  private seq = 0
  private hop: SipHop | undefined
  private failures = 0
  private expiresS: number
  private registered = false
  private failure: string | undefined
  private closing = false

  constructor(context: RegistrationContext, wanted: RegistrationRequest, line: RegistrationLine) {
    this.context = context
    this.wanted = wanted
    this.line = line
    this.timers = new TimerSet(context.clock)
    this.digest = new DigestClient(wanted.credentials, context.random)
    this.callId = context.random.uuid()
    this.expiresS = wanted.expiresS
  }

  get isRegistered(): boolean {
    return this.registered
  }

  get lastFailure(): string | undefined {
    return this.failure
  }

  start(): void {
    this.send(this.expiresS)
  }

  /** Removes the binding; the answer is not waited for here. */
  close(): void {
    if (this.closing) return
    this.closing = true
    this.timers.clear()
    if (this.registered) this.send(0)
  }

  private send(expiresS: number): void {
    const hop = this.chooseHop()
    if (!hop) {
      this.failed('no address of a gateway is known', 'nobody')
      return
    }
    this.hop = hop
    this.line.send({
      hop,
      attempt: this.digest.attempt(),
      isLast: this.closing,
      create: () => this.createRequest(hop, expiresS),
      onFinal: (response) => this.receive(response),
      onFailure: (detail, blame) => this.failed(detail, blame),
    })
  }

  /** The one that served last; after a failure another one, if there is one. */
  private chooseHop(): SipHop | undefined {
    if (this.hop && this.failures === 0) return this.hop
    return hopAfter(this.hop, this.wanted.hops())
  }

  private createRequest(hop: SipHop, expiresS: number): SipRequest {
    const { credentials, domain, account = credentials.username } = this.wanted
    this.seq += 1
    const address = `<${formatUri({ user: account, host: domain })}>`
    const headers = new Headers()
      .add('from', `${address};tag=${newTag(this.context.random)}`)
      .add('to', address)
      .add('call-id', this.callId)
      .add('cseq', `${this.seq} REGISTER`)
      .add('contact', this.line.contact(hop, account))
      .add('expires', String(expiresS))
      .add('user-agent', this.context.userAgent)
    return { kind: 'request', method: 'REGISTER', uri: registrarUri(this.wanted, hop), headers, body: noBody }
  }

  private receive(response: SipResponse): void {
    if (this.closing) return
    if (response.status < 300) {
      this.accepted(response)
      return
    }
    const minimum = Number(response.headers.get('min-expires'))
    if (response.status === 423 && minimum > this.expiresS && minimum <= maxExpiresS) {
      this.expiresS = minimum
      this.send(minimum)
      return
    }
    // Who asks again at once with the same password is taken for a guesser.
    if ([401, 403, 407].includes(response.status)) this.failures = Math.max(this.failures, patientFailures)
    // A refused account says nothing against the gateway.
    this.failed(String(response.status), response.status === 408 || response.status >= 500 ? 'gateway' : 'account')
  }

  private accepted(response: SipResponse): void {
    if (!this.registered) this.context.logger.info('registered', { gateway: this.hop?.host })
    if (this.hop) this.wanted.onAttempt(this.hop)
    this.registered = true
    this.failure = undefined
    this.failures = 0
    const grantedS = Math.min(Math.max(grantedSeconds(response) ?? this.expiresS, 10), maxExpiresS)
    // At half of its life, a little earlier by lot: many engines must not come back together.
    this.timers.set('next', grantedS * 500 * (1 - this.lot() / 5), () => this.send(this.expiresS))
  }

  private failed(detail: string, blame: Blame): void {
    if (this.closing) return
    this.context.logger.warn('registration failed', { gateway: this.hop?.host, detail })
    this.registered = false
    this.failure = detail
    if (this.hop && blame !== 'nobody') this.wanted.onAttempt(this.hop, blame === 'gateway' ? detail : undefined)
    this.digest.forget()
    const pauseMs = Math.min(firstRetryMs * 2 ** Math.min(this.failures, 10), maxRetryMs)
    this.failures += 1
    // Jitter for the same reason, after a gateway's restart.
    this.timers.set('next', pauseMs * (0.75 + this.lot() / 2), () => this.send(this.expiresS))
  }

  /** 0 to 1. */
  private lot(): number {
    return (this.context.random.bytes(1)[0] ?? 0) / 256
  }
}
