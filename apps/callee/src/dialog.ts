import type { SeededRandom } from './seeded-random.ts'
import {
  addressOf,
  header,
  headerList,
  headerParameter,
  type SipHeader,
  type SipRequest,
  type SipResponse,
  uriOf,
} from './sip-message.ts'
import type { SipAddress } from './sip-transport.ts'

/** Requests of one dialog. @see RFC 3261 section 12.2.1.1 */
export class Dialog {
  readonly sipCallId: string
  readonly localTag: string
  readonly contact: string
  readonly #self: SipAddress
  readonly #random: SeededRandom
  /** From and To values of our requests. */
  #local: string
  #remote: string
  #remoteTarget: string
  #routes: readonly string[] = []
  #cseq: number

  constructor(options: {
    readonly sipCallId: string
    readonly localTag: string
    readonly self: SipAddress
    readonly random: SeededRandom
    readonly local: string
    readonly remote: string
    readonly remoteTarget: string
  }) {
    this.sipCallId = options.sipCallId
    this.localTag = options.localTag
    this.#self = options.self
    this.#random = options.random
    this.#local = options.local
    this.#remote = options.remote
    this.#remoteTarget = options.remoteTarget
    this.#cseq = 1 + options.random.below(1000)
    this.contact = `<sip:phone@${options.self.host}:${options.self.port}>`
  }

  get lastCseq(): number {
    return this.#cseq
  }

  /** Learns the peer from its INVITE. */
  acceptInvite(invite: SipRequest): void {
    this.#local = `${header(invite, 'to')};tag=${this.localTag}`
    this.#remote = header(invite, 'from') ?? ''
    this.#routes = headerList(invite, 'record-route')
    this.refreshTarget(invite)
  }

  /** Learns the peer from a response with a To tag. */
  acceptResponse(response: SipResponse): void {
    const to = header(response, 'to') ?? ''
    if (headerParameter(to, 'tag') === undefined) return
    this.#remote = to
    this.#routes = headerList(response, 'record-route').reverse()
    this.refreshTarget(response)
  }

  /** @see RFC 3261 section 12.2: re-INVITE moves the remote target */
  refreshTarget(message: SipRequest | SipResponse): void {
    const contact = headerList(message, 'contact')[0]
    if (contact !== undefined && addressOf(uriOf(contact)) !== undefined) this.#remoteTarget = uriOf(contact)
  }

  /** A new request and the address of its next hop. ACK and CANCEL take the number of the INVITE they belong to. */
  request(
    method: string,
    options: { readonly cseq?: number; readonly headers?: readonly SipHeader[]; readonly body?: string } = {},
  ): { readonly request: SipRequest; readonly to: SipAddress } {
    if (options.cseq === undefined) this.#cseq += 1
    const { host, port } = this.#self
    const via = `SIP/2.0/UDP ${host}:${port};branch=z9hG4bK${this.#random.hex(16)};rport`
    const request: SipRequest = {
      kind: 'request',
      method,
      uri: this.#remoteTarget,
      headers: [
        { name: 'via', value: via },
        { name: 'max-forwards', value: '70' },
        ...this.#routes.map((value) => ({ name: 'route', value })),
        { name: 'from', value: this.#local },
        { name: 'to', value: this.#remote },
        { name: 'call-id', value: this.sipCallId },
        { name: 'cseq', value: `${options.cseq ?? this.#cseq} ${method}` },
        { name: 'contact', value: this.contact },
        ...(options.headers ?? []),
      ],
      body: options.body ?? '',
    }
    const next = this.#routes[0] === undefined ? this.#remoteTarget : uriOf(this.#routes[0])
    return { request, to: addressOf(next) ?? this.#self }
  }
}
