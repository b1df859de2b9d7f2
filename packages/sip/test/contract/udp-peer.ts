import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { parseMessage } from '../../src/embedded/message/parse-message.ts'
import {
  responseTo,
  type SipMessage,
  type SipRequest,
  type SipResponse,
  withSdp,
} from '../../src/embedded/message/sip-message.ts'
import { writeMessage } from '../../src/embedded/message/write-message.ts'

/** How long a message of the stack may take. */
const patienceMs = 5_000

export interface MessageParts {
  readonly sdp?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly tag?: string
  /** False: a response without the peer's Contact. */
  readonly contact?: false
}

/** A SIP element on a loopback UDP port that says what a test tells it to. Repeats of the stack are left out. */
export class UdpPeer implements AsyncDisposable {
  readonly port: number
  /** Port of the stack. */
  target = 0
  readonly labels: string[] = []
  /** From now on every request gets a 200, so that nobody waits for a peer whose test is over. */
  agreeable = false
  private readonly socket: Socket
  private readonly unread: SipMessage[] = []
  private readonly seen = new Set<string>()
  private readonly wakers = new Set<() => void>()

  private constructor(socket: Socket) {
    this.socket = socket
    this.port = socket.address().port
    socket.on('message', (bytes) => this.receive(bytes))
  }

  static async open(): Promise<UdpPeer> {
    const socket = createSocket('udp4')
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    return new UdpPeer(socket)
  }

  /** The next request of that method that no one has asked for yet. */
  async request(method: string): Promise<SipRequest> {
    const found = await this.take(method, (message) => message.kind === 'request' && message.method === method)
    if (found.kind === 'request') return found
    throw new Error('unreachable')
  }

  /** The next response to that method, at least `from`. */
  async response(method: string, from = 200): Promise<SipResponse> {
    const found = await this.take(`${from} ${method}`, (message) => {
      if (message.kind !== 'response' || message.status < from) return false
      return message.headers.get('cseq')?.endsWith(` ${method}`) ?? false
    })
    if (found.kind === 'response') return found
    throw new Error('unreachable')
  }

  respond(request: SipRequest, status: number, parts: MessageParts = {}): void {
    const response = responseTo(request, status, 'Scripted', parts.tag ?? 'scripted')
    if (parts.contact !== false) response.headers.add('contact', `<sip:peer@127.0.0.1:${this.port}>`)
    for (const [name, value] of Object.entries(parts.headers ?? {})) response.headers.add(name, value)
    this.send(parts.sdp === undefined ? response : withSdp(response, parts.sdp))
  }

  send(message: SipMessage): void {
    this.socket.send(writeMessage(message), this.target, '127.0.0.1')
  }

  /** Resolves when nothing new came for `quietMs`. */
  async quiet(quietMs = 150): Promise<void> {
    for (let before = -1; before !== this.labels.length; ) {
      before = this.labels.length
      await new Promise((resolve) => setTimeout(resolve, quietMs))
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((resolve) => this.socket.close(() => resolve()))
  }

  private receive(bytes: Buffer): void {
    if (bytes.length <= 4) return
    const result = parseMessage(bytes)
    if (!result.ok) throw new Error(`the stack sent nonsense: ${result.reason}`)
    const { message } = result
    const label = message.kind === 'request' ? message.method : `${message.status}`
    const key = `${label} ${message.headers.get('cseq')} ${message.headers.get('via')} ${message.headers.get('rseq')}`
    if (this.seen.has(key)) return
    this.seen.add(key)
    this.labels.push(label)
    if (this.agreeable && message.kind === 'request' && message.method !== 'ACK') this.respond(message, 200)
    this.unread.push(message)
    for (const wake of [...this.wakers]) wake()
  }

  private take(what: string, matches: (message: SipMessage) => boolean): Promise<SipMessage> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const index = this.unread.findIndex(matches)
        const [found] = index < 0 ? [] : this.unread.splice(index, 1)
        if (!found) return
        clearTimeout(timer)
        this.wakers.delete(look)
        resolve(found)
      }
      const timer = setTimeout(() => {
        this.wakers.delete(look)
        reject(new Error(`no ${what} among ${this.labels.join(', ')}`))
      }, patienceMs)
      this.wakers.add(look)
      look()
    })
  }
}
