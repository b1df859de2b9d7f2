import { newTag } from '../embedded/agent/agent-context.ts'
import { grantedSeconds } from '../embedded/agent/granted-seconds.ts'
import { hopAfter, registrarUri } from '../embedded/agent/registration-target.ts'
import { DigestClient } from '../embedded/auth/digest-client.ts'
import { Headers } from '../embedded/message/headers.ts'
import { noBody, type SipRequest, type SipResponse } from '../embedded/message/sip-message.ts'
import { formatUri } from '../embedded/message/sip-uri.ts'
import { TimerSet } from '../embedded/transaction/timer-set.ts'
import { peerAddress } from '../embedded/transport/transport.ts'
import type { RegistrationRequest, SipHop } from '../sip-stack.ts'
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
  private hop: SipHop | undefined
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

  private send(expiresS: number): void {
    const link = this.chooseLink()
    if (!link) {
      this.failed('no drachtio-server')
      return
    }
    const hop = this.chooseHop()
    if (!hop) {
      this.failed('no address of a gateway is known')
      return
    }
    this.hop = hop
    const { host, port, transport } = hop
    sendRequest(this.context, {
      link,
      attempt: this.digest.attempt(),
      proxy: formatUri({ host, port, transport }),
      peer: peerAddress(hop),
      create: () => this.createRequest(hop, expiresS),
      onResponse: ({ response }) => {
        if (response.status >= 200) this.receive(response)
      },
      onError: (error) => this.failed(error.message),
    })
  }

  /** The one that served last; after a failure another one, if there is one. */
  private chooseHop(): SipHop | undefined {
    if (this.hop && this.failures === 0) return this.hop
    return hopAfter(this.hop, this.wanted.hops())
  }

  private createRequest(hop: SipHop, expiresS: number): SipRequest {
    const { domain, credentials, account = credentials.username } = this.wanted
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
    const isGatewayFault = response.status === 408 || response.status >= 500
    // A refused account says nothing against the gateway.
    if (this.hop && !isGatewayFault) this.wanted.onAttempt(this.hop)
    this.failed(String(response.status), isGatewayFault ? this.hop : undefined)
  }

  private accepted(response: SipResponse): void {
    if (!this.registered) this.context.logger.info('registered', { gateway: this.hop?.host })
    if (this.hop) this.wanted.onAttempt(this.hop)
    this.registered = true
    this.failures = 0
    const grantedS = Math.min(Math.max(grantedSeconds(response) ?? this.expiresS, 10), maxExpiresS)
    this.timers.set('next', (grantedS * 1000) / 2, () => this.send(this.expiresS))
  }

  /** `faulty`: the gateway that is to blame, if one is. */
  private failed(detail: string, faulty?: SipHop): void {
    if (this.closing) return
    this.context.logger.warn('registration failed', { gateway: this.hop?.host, detail })
    this.registered = false
    if (faulty) this.wanted.onAttempt(faulty, detail)
    const pauseMs = Math.min(firstRetryMs * 2 ** Math.min(this.failures, 10), maxRetryMs)
    this.failures += 1
    // Jitter, so that many engines do not come back at once after a gateway's restart.
    const jitter = 0.75 + (this.context.random.bytes(1)[0] ?? 0) / 512
    this.timers.set('next', pauseMs * jitter, () => this.send(this.expiresS))
  }
}
