import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { StreamFramer } from './stream-framer.ts'
import { type DeliverBytes, type Peer, peerKey, plainAddress } from './transport.ts'

const maxConnections = 512
const connectTimeoutMs = 4_000
/** Longer than most calls: their BYE should find the connection they came in by. */
const idleTimeoutMs = 7_200_000
/** A message that has begun must go on within this time. Taste: that of a transaction. */
const midMessageTimeoutMs = 32_000
const keepaliveMs = 30_000
/** Unsent bytes after which a connection counts as stuck. */
const maxQueuedBytes = 1 << 20
/** Who asks for answers to keepalives and does not read them gets no more. Taste. */
const maxQueuedPongBytes = 1_024

/**
 * TCP, both ways. Connections are kept and used again for every message to the same peer, those that peers opened
 * included, so that responses and in-dialog requests travel back through them.
 */
export class TcpTransport implements AsyncDisposable {
  readonly port: number
  private readonly server: Server
  private readonly deliver: DeliverBytes
  private readonly connections = new Map<string, Socket>()
  private closed = false

  private constructor(server: Server, deliver: DeliverBytes, knowsSource: (address: string) => boolean) {
    this.server = server
    this.port = (server.address() as AddressInfo).port // a listening TCP server has no other kind of address
    this.deliver = deliver
    server.maxConnections = maxConnections
    server.on('error', () => {}) // accept() failures concern one peer only
    server.on('connection', (socket) => {
      const host = plainAddress(socket.remoteAddress ?? '')
      if (knowsSource(host)) this.adopt(socket, { transport: 'tcp', host, port: socket.remotePort ?? 0 })
      else socket.destroy() // strangers must not use up the connections
    })
  }

  /** @throws the bind error */
  static async open(
    host: string,
    port: number,
    deliver: DeliverBytes,
    knowsSource: (address: string) => boolean,
  ): Promise<TcpTransport> {
    const server = createServer({ noDelay: true })
    server.listen(port, host)
    await once(server, 'listening')
    return new TcpTransport(server, deliver, knowsSource)
  }

  send(bytes: Buffer, to: Peer, onError: (error: Error) => void): void {
    if (this.closed) {
      onError(new Error('transport is closed'))
      return
    }
    const socket = this.connections.get(peerKey(to)) ?? this.open(to)
    if (socket.writableLength > maxQueuedBytes) {
      onError(new Error('connection is stuck'))
      return
    }
    socket.write(bytes, (error) => {
      if (error) onError(error)
    })
  }

  private open(to: Peer): Socket {
    const socket = connect({ host: to.host, port: to.port, noDelay: true, timeout: connectTimeoutMs })
    socket.once('connect', () => socket.setTimeout(idleTimeoutMs))
    return this.adopt(socket, to)
  }

  private adopt(socket: Socket, peer: Peer): Socket {
    const key = peerKey(peer)
    const framer = new StreamFramer()
    this.connections.set(key, socket)
    socket.setKeepAlive(true, keepaliveMs)
    socket.setTimeout(socket.connecting ? connectTimeoutMs : idleTimeoutMs)
    socket.on('timeout', () => socket.destroy(new Error('connection timed out')))
    // The failure is told to the callbacks of pending writes; here it only must not end the process.
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      if (this.connections.get(key) === socket) this.connections.delete(key)
    })
    socket.on('data', (chunk) => this.read(socket, framer, chunk, peer))
    return socket
  }

  private read(socket: Socket, framer: StreamFramer, chunk: Buffer, peer: Peer): void {
    const source = { ...peer, host: plainAddress(socket.remoteAddress ?? peer.host) }
    try {
      for (const frame of framer.push(chunk)) {
        if (frame.kind === 'message') this.deliver(frame.bytes, source)
        else if (socket.writableLength < maxQueuedPongBytes) socket.write('\r\n')
      }
      socket.setTimeout(framer.isMidMessage ? midMessageTimeoutMs : idleTimeoutMs)
    } catch {
      socket.destroy() // the position in the stream is lost
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.closed) return
    this.closed = true
    for (const socket of this.connections.values()) socket.destroy()
    await new Promise<void>((resolve) => this.server.close(() => resolve()))
  }
}
