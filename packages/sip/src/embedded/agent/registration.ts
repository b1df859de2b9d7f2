import type { Logger } from '@parley/core'
import type { RegistrationRequest } from '../../sip-stack.ts'
import type { TrunkGateway } from '../../trunk-config.ts'
import { DigestClient } from '../auth/digest-client.ts'
import { Headers } from '../message/headers.ts'
import { noBody, type SipRequest, type SipResponse } from '../message/sip-message.ts'
import { formatUri } from '../message/sip-uri.ts'
import { TimerSet } from '../transaction/timer-set.ts'
import { type AgentContext, newTag } from './agent-context.ts'

/** Shortest and longest pause after a failure; doubling between them. */
const firstRetryMs = 2_000
const maxRetryMs = 60_000
const maxExpiresS = 7_200
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
  private readonly timers: TimerSet<'next'>
  private readonly digest: DigestClient
  private readonly callId: string
  private seq = 0
  private gatewayIndex = 0
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

  private get gateway(): TrunkGateway {
    const { gateways } = this.wanted
    return gateways[this.gatewayIndex % gateways.length] as TrunkGateway // a trunk has at least one gateway
  }

  private send(expiresS: number): void {
    const attempt = this.digest.attempt()
    const transmit = () => {
      const request = this.createRequest(expiresS)
      attempt.authorize(request)
      this.context.layer.request(request, this.gateway, {
        onResponse: (response) => {
          if (response.status < 200) return
          const challenged = response.status === 401 || response.status === 407
          if (challenged && attempt.challenge(response)) transmit()
          else {
            attempt.accepted(response)
            this.receive(response)
          }
        },
        onTimeout: () => this.failed('timeout'),
        onTransportError: () => this.failed('transport'),
      })
    }
    transmit()
  }

  private createRequest(expiresS: number): SipRequest {
    const { domain, credentials, account = credentials.username } = this.wanted
    const { host, port, transport } = this.gateway
    this.seq += 1
    const address = `<${formatUri({ user: account, host: domain })}>`
    const headers = new Headers()
      .add('max-forwards', '70')
      .add('from', `${address};tag=${newTag(this.context.random)}`)
      .add('to', address)
      .add('call-id', this.callId)
      .add('cseq', `${this.seq} REGISTER`)
      .add('contact', this.context.contact(transport, account))
      .add('expires', String(expiresS))
      .add('user-agent', this.context.userAgent)
    const uri = formatUri({ host: domain === host ? host : domain, ...(domain === host ? { port, transport } : {}) })
    return { kind: 'request', method: 'REGISTER', uri, headers, body: noBody }
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
    this.failed(String(response.status))
  }

  private accepted(response: SipResponse): void {
    if (!this.registered) this.logger.info('registered', { gateway: this.gateway.host })
    this.registered = true
    this.failures = 0
    const grantedS = Math.min(Math.max(grantedSeconds(response) ?? this.expiresS, 10), maxExpiresS)
    this.timers.set('next', (grantedS * 1000) / 2, () => this.send(this.expiresS))
  }

  private failed(detail: string): void {
    if (this.closing) return
    this.logger.warn('registration failed', { gateway: this.gateway.host, detail })
    this.registered = false
    this.gatewayIndex += 1
    this.digest.forget()
    const pauseMs = Math.min(firstRetryMs * 2 ** Math.min(this.failures, 10), maxRetryMs)
    this.failures += 1
    // Jitter, so that many engines do not come back at once after a gateway's restart.
    const jitter = 0.75 + (this.context.random.bytes(1)[0] ?? 0) / 512
    this.timers.set('next', pauseMs * jitter, () => this.send(this.expiresS))
  }
}

/** The `expires` parameter of the contact, else the header. */
function grantedSeconds(response: SipResponse): number | undefined {
  const contact = response.headers.all('contact').find((value) => /;\s*expires\s*=/i.test(value))
  const text = contact ? /;\s*expires\s*=\s*(\d{1,9})/i.exec(contact)?.[1] : response.headers.get('expires')
  const seconds = Number(text)
  return text !== undefined && Number.isInteger(seconds) && seconds > 0 ? seconds : undefined
}
