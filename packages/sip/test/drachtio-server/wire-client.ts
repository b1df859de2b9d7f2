import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import { parseMessage } from '../../src/embedded/message/parse-message.ts'
import type { SipMessage } from '../../src/embedded/message/sip-message.ts'
import { writeMessage } from '../../src/embedded/message/write-message.ts'
import type { Peer } from '../../src/embedded/transport/transport.ts'
import { WireFrames, writeFrame } from './wire-frames.ts'

/** A message of the application: what it asks the server to send. */
export interface WireSip {
  readonly id: string
  readonly transactionId: string
  readonly dialogId: string
  /** `sip:` URI to send to, empty for the Request-URI's. */
  readonly proxy: string
  readonly message: SipMessage
}

export interface WireClientOptions {
  readonly secret: string
  /** SIP endpoints as the application learns them. */
  readonly endpoints: string
  readonly onSip: (sip: WireSip, client: WireClient) => void
  readonly onReady?: (client: WireClient) => void
  readonly onGone: (client: WireClient) => void
}

/** One application on the admin connection. */
export class WireClient {
  /** Methods it asked for, in lower case. */
  readonly routes = new Set<string>()
  private readonly socket: Socket
  private readonly options: WireClientOptions

  constructor(socket: Socket, options: WireClientOptions) {
    this.socket = socket
    this.options = options
    const frames = new WireFrames()
    socket.on('data', (bytes) => {
      for (const text of frames.push(bytes)) this.receive(text)
    })
    socket.on('error', () => {})
    socket.on('close', () => options.onGone(this))
  }

  /** A message from the network, or one the server made (`application`). */
  give(message: SipMessage, peer: Peer, transactionId: string, dialogId: string, source = 'network'): void {
    this.send(`sip|${metaOf(message, peer, source)}|${transactionId}|${dialogId}|\r\n${textOf(message)}`)
  }

  /** The message as it went out, in reply to the frame `id`. */
  confirm(id: string, message: SipMessage, peer: Peer, transactionId: string, dialogId: string): void {
    const meta = metaOf(message, peer, 'application')
    this.send(`response|${id}|OK|${meta}|${transactionId}|${dialogId}|\r\n${textOf(message)}`)
  }

  refuse(id: string, reason: string): void {
    this.send(`response|${id}|NOK|${reason}`)
  }

  destroy(): void {
    this.socket.destroy()
  }

  private receive(text: string): void {
    const end = text.indexOf('\r\n')
    const [id = '', command, ...words] = (end < 0 ? text : text.slice(0, end)).split('|')
    switch (command) {
      case 'authenticate':
        this.authenticate(id, words[0] ?? '')
        return
      case 'route':
        this.routes.add((words[0] ?? '').toLowerCase())
        this.send(`response|${id}|OK`)
        return
      case 'ping':
        this.send(`response|${id}|OK`)
        return
      case 'sip': {
        const message = completed(text.slice(end + 2))
        const [transactionId = '', dialogId = '', proxy = ''] = words
        this.options.onSip({ id, transactionId, dialogId, proxy, message }, this)
        return
      }
      default:
        throw new Error(`unknown command ${command}`)
    }
  }

  private authenticate(id: string, secret: string): void {
    if (secret !== this.options.secret) {
      this.send(`response|${id}|NO|incorrect secret`)
      this.socket.end()
      return
    }
    this.send(`response|${id}|OK|${this.options.endpoints}|v0.9.4|${this.options.endpoints}`)
    this.options.onReady?.(this)
  }

  private send(text: string): void {
    this.socket.write(writeFrame(`${randomUUID()}|${text}`))
  }
}

/** Source, bytes, protocol, address, port, time. */
const metaOf = (message: SipMessage, peer: Peer, source: string) =>
  [source, writeMessage(message).length, peer.transport, peer.host, peer.port, '00:00:00.000000'].join('|')

const textOf = (message: SipMessage) => writeMessage(message).toString('utf8')

/** What an application sends lacks the fields that the server adds; our parser wants some of them. */
function completed(text: string): SipMessage {
  const end = text.indexOf('\r\n\r\n')
  const head = end < 0 ? text.trimEnd() : text.slice(0, end)
  const body = end < 0 ? '' : text.slice(end + 4)
  const method = head.slice(0, head.indexOf(' '))
  const has = (name: string) => new RegExp(`^${name}\\s*:`, 'im').test(head)
  const lines = [head.replace(/^content-length\s*:.*\r\n/im, '').replace(/\r\ncontent-length\s*:.*$/im, '')]
  lines.push('Via: SIP/2.0/UDP absent.invalid;branch=z9hG4bKabsent')
  if (!has('from')) lines.push('From: <sip:absent.invalid>;tag=absent')
  if (!has('to')) lines.push('To: <sip:absent.invalid>')
  if (!has('call-id')) lines.push('Call-ID: absent')
  if (!has('cseq')) lines.push(`CSeq: 1 ${method.startsWith('SIP/') ? 'INVITE' : method}`)
  lines.push(`Content-Length: ${Buffer.byteLength(body)}`)
  const result = parseMessage(Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`))
  if (!result.ok) throw new Error(`the application sent nonsense: ${result.reason}`)
  result.message.headers.remove('via')
  return result.message
}
