import type { RemoteInfo, Socket } from 'node:dgram'
import { bindUdp } from './media-socket.ts'
import { nowNs } from './monotonic-clock.ts'
import {
  branchOf,
  cseqOf,
  formatSip,
  header,
  headerList,
  parseSip,
  type SipHeader,
  type SipMessage,
  type SipRequest,
  type SipResponse,
} from './sip-message.ts'
import type { SipTrace } from './sip-trace.ts'

export interface SipAddress {
  readonly host: string
  readonly port: number
}

export interface ReceivedRequest {
  readonly request: SipRequest
  readonly from: SipAddress
}

interface Answered {
  readonly atNs: number
  last: { readonly response: SipResponse; readonly to: SipAddress } | undefined
}

/** A transaction is remembered this long (timers B, F and H of RFC 3261). */
const memoryNs = 33e9

const reasons: Readonly<Record<number, string>> = {
  100: 'Trying',
  180: 'Ringing',
  183: 'Session Progress',
  200: 'OK',
  401: 'Unauthorized',
  404: 'Not Found',
  407: 'Proxy Authentication Required',
  480: 'Temporarily Unavailable',
  481: 'Call Does Not Exist',
  486: 'Busy Here',
  487: 'Request Terminated',
  488: 'Not Acceptable Here',
  501: 'Not Implemented',
  503: 'Service Unavailable',
  603: 'Decline',
}

/** SIP over one UDP socket: parsing, repeated requests, responses to their transactions. Malformed datagrams vanish. */
export class SipTransport {
  readonly address: SipAddress
  /** Called once for each request that is not a repetition, ACK always. */
  onRequest: (received: ReceivedRequest) => void = () => {}
  /** The trace of a call; undefined: not traced. */
  traceOf: (message: SipMessage, from: SipAddress) => SipTrace | undefined = () => undefined
  readonly #socket: Socket
  readonly #clients = new Map<string, (response: SipResponse) => void>()
  readonly #answered = new Map<string, Answered>()

  private constructor(socket: Socket) {
    this.#socket = socket
    this.address = { host: socket.address().address, port: socket.address().port }
    socket.on('message', (datagram, from) => this.#receive(datagram, from))
  }

  /** @throws Error when the port is taken */
  static async open(host: string, port: number): Promise<SipTransport> {
    return new SipTransport(await bindUdp(host, port))
  }

  /** Sends a message unless the call's script loses it. */
  send(message: SipMessage, to: SipAddress): void {
    if (this.traceOf(message, to)?.record('sent', message)) return
    this.sendDatagram(Buffer.from(formatSip(message)), to)
  }

  sendDatagram(datagram: Buffer, to: SipAddress): void {
    try {
      this.#socket.send(datagram, to.port, to.host, () => {})
    } catch {
      // A port out of range in a peer's address, or a closed socket: as if the network had lost it.
    }
  }

  /** Responses to this request go to `take` until the returned function is called. */
  expectResponses(request: SipRequest, take: (response: SipResponse) => void): () => void {
    const key = clientKeyOf(request)
    this.#clients.set(key, take)
    return () => this.#clients.delete(key)
  }

  /** Answers a request and remembers the answer for its repetitions. */
  respond(
    received: ReceivedRequest,
    status: number,
    options: { readonly toTag?: string; readonly headers?: readonly SipHeader[]; readonly body?: string } = {},
  ): SipResponse {
    const { request, from } = received
    const copied = request.headers.filter(
      ({ name }) => name === 'record-route' || name === 'from' || name === 'call-id' || name === 'cseq',
    )
    const to = header(request, 'to') ?? ''
    const tagged = options.toTag === undefined || /;\s*tag=/i.test(to) ? to : `${to};tag=${options.toTag}`
    const vias = headerList(request, 'via').map((value, i) => ({
      name: 'via',
      value: i > 0 ? value : `${value.replace(/;rport(?=;|$)/, `;rport=${from.port}`)};received=${from.host}`,
    }))
    const response: SipResponse = {
      kind: 'response',
      status,
      reason: reasons[status] ?? 'Status',
      headers: [...vias, ...copied, { name: 'to', value: tagged }, ...(options.headers ?? [])],
      body: options.body ?? '',
    }
    const entry = this.#answered.get(keyOf(request))
    if (entry !== undefined) entry.last = { response, to: from }
    this.send(response, from)
    return response
  }

  close(): void {
    this.#clients.clear()
    this.#socket.close()
  }

  #receive(datagram: Buffer, info: RemoteInfo): void {
    const message = parseSip(datagram)
    if (message === undefined) return
    const from = { host: info.address, port: info.port }
    if (this.traceOf(message, from)?.record('received', message)) return
    if (message.kind === 'response') this.#clients.get(clientKeyOf(message))?.(message)
    else if (message.method === 'ACK' || !this.#isRepeated(message)) this.onRequest({ request: message, from })
  }

  #isRepeated(request: SipRequest): boolean {
    const key = keyOf(request)
    const known = this.#answered.get(key)
    if (known === undefined) {
      this.#forgetOld()
      this.#answered.set(key, { atNs: nowNs(), last: undefined })
      return false
    }
    if (known.last !== undefined) this.send(known.last.response, known.last.to)
    return true
  }

  #forgetOld(): void {
    const limit = nowNs() - memoryNs
    for (const [key, { atNs }] of this.#answered) {
      if (atNs > limit) break
      this.#answered.delete(key)
    }
  }
}

/** CANCEL shares the branch of its INVITE. @see RFC 3261 section 17.1.3 */
function clientKeyOf(message: SipMessage): string {
  return `${branchOf(message)} ${cseqOf(message).method}`
}

function keyOf(request: SipRequest): string {
  return `${branchOf(request)} ${cseqOf(request).method} ${header(request, 'call-id')} ${cseqOf(request).number}`
}
