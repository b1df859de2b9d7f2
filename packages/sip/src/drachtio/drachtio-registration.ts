import { newTag } from '../embedded/agent/agent-context.ts'
import { grantedSeconds } from '../embedded/agent/granted-seconds.ts'
import { DigestClient } from '../embedded/auth/digest-client.ts'
import { Headers } from '../embedded/message/headers.ts'
import { noBody, type SipRequest, type SipResponse } from '../embedded/message/sip-message.ts'
import { formatUri } from '../embedded/message/sip-uri.ts'
import { TimerSet } from '../embedded/transaction/timer-set.ts'
import { peerKey } from '../embedded/transport/transport.ts'
import type { RegistrationRequest } from '../sip-stack.ts'
import type { TrunkGateway } from '../trunk-config.ts'
import type { DrachtioContext } from './drachtio-context.ts'
import { contactFor } from './drachtio-dialog.ts'
import type { DrachtioLink } from './drachtio-link.ts'
import { sendRequest } from './send-request.ts'

/** Shortest and longest pause after a failure; doubling between them. */
const firstRetryMs = 2_000
const maxRetryMs = 60_000
const maxExpiresS = 7_200

/**
 * Keeps one binding of a server's address alive at the first gateway that takes it; the next gateway, and the next
 * server, after a failure.
 * @see RFC 3261 section 10.2
 */
export class DrachtioRegistration {
  private readonly context: DrachtioContext
  private readonly wanted: RegistrationRequest
  private readonly chooseLink: () => DrachtioLink | undefined
  private readonly timers: TimerSet<'next'>
  private readonly digest: DigestClient
  private readonly callId: string
  private seq = 0
  private failures = 0
  private expiresS: number
  private registered = false
  private closing = false

  constructor(context: DrachtioContext, wanted: RegistrationRequest, chooseLink: () => DrachtioLink | undefined) {
    this.context = context
    this.wanted = wanted
    this.chooseLink = chooseLink
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
    return gateways[this.failures % gateways.length] as TrunkGateway // a trunk has at least one gateway
  }

  private send(expiresS: number): void {
    const link = this.chooseLink()
    if (!link) {
      this.failed('no drachtio-server')
      return
    }
    const { host, port, transport } = this.gateway
    sendRequest(this.context, {
      link,
      attempt: this.digest.attempt(),
      proxy: formatUri({ host, port, transport }),
      peer: peerKey(this.gateway),
      create: () => this.createRequest(expiresS),
      onResponse: ({ response }) => {
        if (response.status >= 200) this.receive(response)
      },
      onError: (error) => this.failed(error.message),
    })
  }

  private createRequest(expiresS: number): SipRequest {
    const { domain, credentials, account = credentials.username } = this.wanted
    const { host, port, transport } = this.gateway
    this.seq += 1
    const address = `<${formatUri({ user: account, host: domain })}>`
    const headers = new Headers()
      .add('from', `${address};tag=${newTag(this.context.random)}`)
      .add('to', address)
      .add('call-id', this.callId)
      .add('cseq', `${this.seq} REGISTER`)
      .add('contact', contactFor(account))
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
    this.failed(String(response.status))
  }

  private accepted(response: SipResponse): void {
    if (!this.registered) this.context.logger.info('registered', { gateway: this.gateway.host })
    this.registered = true
    const grantedS = Math.min(Math.max(grantedSeconds(response) ?? this.expiresS, 10), maxExpiresS)
    this.timers.set('next', (grantedS * 1000) / 2, () => this.send(this.expiresS))
  }

  private failed(detail: string): void {
    if (this.closing) return
    this.context.logger.warn('registration failed', { gateway: this.gateway.host, detail })
    this.registered = false
    const pauseMs = Math.min(firstRetryMs * 2 ** Math.min(this.failures, 10), maxRetryMs)
    this.failures += 1
    // Jitter, so that many engines do not come back at once after a gateway's restart.
    const jitter = 0.75 + (this.context.random.bytes(1)[0] ?? 0) / 512
    this.timers.set('next', pauseMs * jitter, () => this.send(this.expiresS))
  }
}
