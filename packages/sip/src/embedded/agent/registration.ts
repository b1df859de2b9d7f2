import type { Logger } from '@parley/core'
import type { RegistrationRequest, SipHop } from '../../sip-stack.ts'
import { DigestClient } from '../auth/digest-client.ts'
import { Headers } from '../message/headers.ts'
import { noBody, type SipRequest, type SipResponse } from '../message/sip-message.ts'
import { formatUri } from '../message/sip-uri.ts'
import { TimerSet } from '../transaction/timer-set.ts'
import { type AgentContext, newTag } from './agent-context.ts'
import { grantedSeconds } from './granted-seconds.ts'
import { hopAfter, registrarUri } from './registration-target.ts'

/** Shortest and longest pause after a failure; doubling between them. */
const firstRetryMs = 2_000
const maxRetryMs = 60_000
const maxExpiresS = 7_200
/** How long a gateway may be silent. */
const firstResponseMs = 4_000
/** So many failures make the longest pause. */
const patientFailures = 5

/**
 * Keeps one binding alive at the first gateway that takes it: refreshed at half its life, the next gateway after a
 * failure, removed by `close`.
 * @see RFC 3261 section 10.2
 */
export class Registration {
  private readonly context: AgentContext
  private readonly wanted: RegistrationRequest
  private readonly logger: Logger
  private readonly timers: TimerSet<'next' | 'silence'>
  private readonly digest: DigestClient
  private readonly callId: string
  private seq = 0
  private hop: SipHop | undefined
  private failures = 0
  private expiresS: number
  private registered = false
  private closing = false

  constructor(context: AgentContext, wanted: RegistrationRequest, logger: Logger) {
    this.context = context
    this.wanted = wanted
    this.logger = logger
    this.timers = new TimerSet(context.clock)
    this.digest = new DigestClient(wanted.credentials, context.random)
    this.callId = context.random.uuid()
    this.expiresS = wanted.expiresS
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
    const attempt = this.digest.attempt()
    const hop = this.chooseHop()
    if (!hop) {
      this.failed('no address of a gateway is known')
      return
    }
    this.hop = hop
    const transmit = () => {
      const request = this.createRequest(hop, expiresS)
      attempt.authorize(request)
      const transaction = this.context.layer.request(request, hop, {
        onResponse: (response) => {
          this.timers.stop('silence')
          if (response.status < 200) return
          const challenged = response.status === 401 || response.status === 407
          if (challenged && attempt.challenge(response)) transmit()
          else {
            attempt.accepted(response)
            this.receive(response)
          }
        },
        onTimeout: () => this.failed('timeout'),
        onTransportError: (error) => this.failed(error.message),
      })
      if (!transaction.pending || this.closing) return
      this.timers.set('silence', firstResponseMs, () => {
        transaction.terminate()
        this.failed('no response')
      })
    }
    transmit()
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
      .add('max-forwards', '70')
      .add('from', `${address};tag=${newTag(this.context.random)}`)
      .add('to', address)
      .add('call-id', this.callId)
      .add('cseq', `${this.seq} REGISTER`)
      .add('contact', this.context.contact(hop.transport, account, hop.profile))
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
    this.failed(String(response.status), response.status === 408 || response.status >= 500)
  }

  private accepted(response: SipResponse): void {
    if (!this.registered) this.logger.info('registered', { gateway: this.hop?.host })
    if (this.hop) this.wanted.onAttempt(this.hop)
    this.registered = true
    this.failures = 0
    const grantedS = Math.min(Math.max(grantedSeconds(response) ?? this.expiresS, 10), maxExpiresS)
    // At half of its life, a little earlier by lot: many engines must not come back together.
    this.timers.set('next', grantedS * 500 * (1 - this.lot() / 5), () => this.send(this.expiresS))
  }

  private failed(detail: string, isGatewayFault = true): void {
    if (this.closing) return
    this.timers.stop('silence')
    this.logger.warn('registration failed', { gateway: this.hop?.host, detail })
    this.registered = false
    if (this.hop) this.wanted.onAttempt(this.hop, isGatewayFault ? detail : undefined)
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
