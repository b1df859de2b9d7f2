import { parseMessage } from '../../src/embedded/message/parse-message.ts'
import {
  responseTo,
  type SipMessage,
  type SipRequest,
  type SipResponse,
  withSdp,
} from '../../src/embedded/message/sip-message.ts'
import { writeMessage } from '../../src/embedded/message/write-message.ts'
import type { SipTransport } from '../../src/embedded/transport/transport.ts'
import { labelOf, type VirtualNetwork } from './virtual-network.ts'

/** A peer that says exactly what a test tells it to, right or wrong. */
export class ScriptedPeer {
  readonly received: SipMessage[] = []
  readonly labels: string[] = []
  private readonly transport: SipTransport
  private readonly to: string

  constructor(network: VirtualNetwork, host: string, to: string) {
    this.to = to
    this.transport = network.attach(host, (bytes) => {
      const result = parseMessage(bytes)
      if (!result.ok) throw new Error(`we sent nonsense: ${result.reason}`)
      this.received.push(result.message)
      this.labels.push(labelOf(bytes))
    })
  }

  /** Lines of a message; a body follows an empty line. */
  sendLines(...lines: readonly string[]): void {
    this.sendBytes(Buffer.from(`${lines.join('\r\n')}\r\n${lines.includes('') ? '' : '\r\n'}`))
  }

  sendBytes(bytes: Buffer): void {
    this.transport.send(bytes, { transport: 'udp', host: this.to, port: 5060 }, () => {})
  }

  respond(
    request: SipRequest,
    status: number,
    more: { readonly tag?: string; readonly sdp?: string; readonly headers?: Readonly<Record<string, string>> } = {},
  ): void {
    const response = responseTo(request, status, 'Scripted', more.tag ?? 'scripted')
    for (const [name, value] of Object.entries(more.headers ?? {})) response.headers.add(name, value)
    this.sendBytes(writeMessage(more.sdp === undefined ? response : withSdp(response, more.sdp)))
  }

  /** The last request of that method; fails when there is none. */
  request(method: string): SipRequest {
    const found = this.received.findLast((message) => message.kind === 'request' && message.method === method)
    if (found?.kind !== 'request') throw new Error(`no ${method} among ${this.labels.join(', ')}`)
    return found
  }

  /** The last response to that method; fails when there is none. */
  response(method: string): SipResponse {
    const found = this.received.findLast(
      (message) => message.kind === 'response' && message.headers.get('cseq')?.endsWith(` ${method}`),
    )
    if (found?.kind !== 'response') throw new Error(`no response to ${method} among ${this.labels.join(', ')}`)
    return found
  }
}
