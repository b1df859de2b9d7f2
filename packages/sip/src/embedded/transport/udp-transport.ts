import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { isIPv6 } from 'node:net'
import { type DeliverBytes, type Peer, plainAddress } from './transport.ts'

/** Largest payload of a datagram; more is refused by the kernel. */
const maxDatagramBytes = 65_507

/** One unconnected datagram socket for all peers. */
export class UdpTransport implements AsyncDisposable {
  readonly port: number
  private readonly socket: Socket
  private closed = false

  private constructor(socket: Socket, deliver: DeliverBytes) {
    this.socket = socket
    this.port = socket.address().port
    socket.on('message', (bytes, info) => {
      deliver(bytes, { transport: 'udp', host: plainAddress(info.address), port: info.port })
    })
    // Send errors reach the callback of `send`; a socket without this handler would end the process.
    socket.on('error', () => {})
  }

  /** @throws the bind error */
  static async open(host: string, port: number, deliver: DeliverBytes): Promise<UdpTransport> {
    const socket = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4', recvBufferSize: 1 << 20 })
    socket.bind(port, host)
    await once(socket, 'listening')
    return new UdpTransport(socket, deliver)
  }

  send(bytes: Buffer, to: Peer, onError: (error: Error) => void): void {
    if (this.closed) {
      onError(new Error('transport is closed'))
      return
    }
    if (bytes.length > maxDatagramBytes) {
      onError(new Error('message exceeds a datagram'))
      return
    }
    this.socket.send(bytes, to.port, to.host, (error) => {
      if (error) onError(error)
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.closed) return
    this.closed = true
    // Node looks up even a literal in a later turn; closing before that would lose what was sent last.
    await new Promise<void>((resolve) => setImmediate(resolve))
    await new Promise<void>((resolve) => this.socket.close(() => resolve()))
  }
}
