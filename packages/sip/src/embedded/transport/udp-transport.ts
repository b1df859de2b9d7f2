import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { isIP, isIPv6 } from 'node:net'
import { type DeliverBytes, type Peer, plainAddress } from './transport.ts'

/** Largest payload of a datagram; more is refused by the kernel. */
const maxDatagramBytes = 65_507

/** One unconnected datagram socket for all peers. */
export class UdpTransport implements AsyncDisposable {
  readonly port: number
  private readonly socket: Socket
  /** Datagrams that Node has not handed to the kernel: it looks up even an address literal, in a later turn. */
  private leaving = 0
  private onLeft: () => void = () => {}
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
    // Names may take the time of a DNS server; nobody waits for those.
    const isLiteral = isIP(to.host) !== 0
    if (isLiteral) this.leaving += 1
    this.socket.send(bytes, to.port, to.host, (error) => {
      if (isLiteral) this.leaving -= 1
      if (this.leaving === 0) this.onLeft()
      if (error) onError(error)
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.closed) return
    this.closed = true
    await this.left()
    await new Promise<void>((resolve) => this.socket.close(() => resolve()))
  }

  /** Closing earlier would lose what was sent last. */
  private left(): Promise<void> {
    return new Promise((resolve) => {
      this.onLeft = resolve
      if (this.leaving === 0) resolve()
    })
  }
}
