import type { Socket } from 'node:net'
import type { Clock } from '@parley/core'
import { type Sending, StreamConnection } from './stream-connection.ts'
import { type DeliverBytes, type Peer, peerKey, plainAddress } from './transport.ts'

/** Where the sockets of a stream transport come from: TCP, or TLS over it. */
export interface StreamSockets extends AsyncDisposable {
  readonly transport: 'tcp' | 'tls'
  /** Undefined when nobody can call in by it. */
  readonly port: number | undefined
  /** After this event of a socket of `connect` bytes may leave. */
  readonly readyEvent: 'connect' | 'secureConnect'
  /** @throws when it cannot even be tried, e.g. for a missing certificate file */
  connect(to: Peer): Socket
}

/** Beyond these a new peer is refused. Taste: a carrier needs one or two. */
const maxConnections = 1_024

/**
 * Messages over connections. One is kept per peer and used again for every message to it; those that peers opened carry
 * the responses to what came by them.
 */
export class StreamTransport implements AsyncDisposable {
  private readonly sockets: StreamSockets
  private readonly clock: Clock
  private readonly deliver: DeliverBytes
  private readonly connections = new Map<string, StreamConnection>()
  private accepted = 0
  private closed = false

  /** `open` gets the function that takes over accepted sockets. @throws what `open` throws */
  static async open(
    clock: Clock,
    deliver: DeliverBytes,
    open: (accept: (socket: Socket) => void) => Promise<StreamSockets>,
  ): Promise<StreamTransport> {
    let transport: StreamTransport | undefined
    const sockets = await open((socket) => transport?.accept(socket))
    transport = new StreamTransport(clock, deliver, sockets)
    return transport
  }

  private constructor(clock: Clock, deliver: DeliverBytes, sockets: StreamSockets) {
    this.clock = clock
    this.deliver = deliver
    this.sockets = sockets
  }

  get port(): number | undefined {
    return this.sockets.port
  }

  send(bytes: Buffer, to: Peer, onError: (error: Error) => void): void {
    this.dispatch({ bytes, onError }, to)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.closed) return
    this.closed = true
    for (const connection of this.connections.values()) connection.close(new Error('transport is closed'))
    await this.sockets[Symbol.asyncDispose]()
  }

  private dispatch(sending: Sending, to: Peer): void {
    if (this.closed) {
      sending.onError(new Error('transport is closed'))
      return
    }
    const known = to.connection === undefined ? undefined : this.connections.get(to.connection)
    try {
      const connection = known ?? this.connections.get(peerKey(to)) ?? this.connect(to)
      connection.send(sending)
    } catch (error) {
      sending.onError(error instanceof Error ? error : new Error(String(error)))
    }
  }

  private connect(to: Peer): StreamConnection {
    if (this.connections.size >= maxConnections) throw new Error('too many connections')
    const { connection: _gone, ...peer } = to
    return this.adopt(this.sockets.connect(peer), peerKey(peer), peer, this.sockets.readyEvent, (lost, failure) => {
      for (const sending of lost) sending.onError(failure)
    })
  }

  private accept(socket: Socket): void {
    const { remoteAddress, remotePort } = socket
    if (remoteAddress === undefined || this.closed || this.connections.size >= maxConnections) {
      socket.destroy()
      return
    }
    this.accepted += 1
    const peer = { transport: this.sockets.transport, host: plainAddress(remoteAddress), port: remotePort ?? 0 }
    this.adopt(socket, `accepted:${this.accepted}`, peer, undefined, () => {})
  }

  private adopt(
    socket: Socket,
    key: string,
    peer: Peer,
    readyEvent: 'connect' | 'secureConnect' | undefined,
    onFailed: (lost: readonly Sending[], failure: Error) => void,
  ): StreamConnection {
    const { clock, deliver } = this
    const connection = new StreamConnection({
      socket,
      key,
      peer,
      clock,
      readyEvent,
      deliver,
      onClosed: (closed, unanswered, failure) => {
        if (this.connections.get(key) === closed) this.connections.delete(key)
        // A peer may have closed an idle connection just as we used it. The same bytes again are a repeat to it.
        if (closed.heard && readyEvent && !this.closed) for (const sending of unanswered) this.dispatch(sending, peer)
        else onFailed(unanswered, failure)
      },
    })
    this.connections.set(key, connection)
    return connection
  }
}
