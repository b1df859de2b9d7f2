import type { Socket } from 'node:net'
import type { Clock } from '@parley/core'
import { TimerSet } from '../transaction/timer-set.ts'
import { explainFailure } from './connection-failure.ts'
import { StreamFramer } from './stream-framer.ts'
import { type DeliverBytes, type Peer, plainAddress } from './transport.ts'

/** Until a connection is up, its TLS handshake included. */
const connectTimeoutMs = 4_000
/** Longer than most calls: their BYE should find the connection they came in by. */
const idleTimeoutMs = 7_200_000
/** A message that has begun must go on within this time. Taste: that of a transaction. */
const midMessageTimeoutMs = 32_000
/** Probes of the kernel. */
const kernelKeepaliveMs = 30_000
/** Unsent bytes after which a connection counts as stuck. */
const maxQueuedBytes = 1 << 20
/** Who asks for answers to keepalives and does not read them gets no more. Taste. */
const maxQueuedPongBytes = 1_024
/** Messages remembered until the peer says something. */
const maxUnanswered = 256
/** @see RFC 5626 section 4.4.1 */
const pongMs = 10_000

export interface Sending {
  readonly bytes: Buffer
  readonly onError: (error: Error) => void
}

export interface StreamConnectionOptions {
  readonly socket: Socket
  readonly key: string
  readonly peer: Peer
  readonly clock: Clock
  readonly deliver: DeliverBytes
  /** Event of the socket after which the peer is who it should be and bytes may leave. Undefined: it is so already. */
  readonly readyEvent: 'connect' | 'secureConnect' | undefined
  /** Called once. `unanswered`: what was sent, or waited to be, after the peer was last heard. */
  readonly onClosed: (connection: StreamConnection, unanswered: readonly Sending[], failure: Error) => void
}

/** One TCP or TLS connection: whole messages in and out, and signs of life where the trunk wants them. */
export class StreamConnection {
  readonly key: string
  readonly peer: Peer
  /** The peer has said something: it speaks our protocol. */
  heard = false
  private readonly options: StreamConnectionOptions
  private readonly framer = new StreamFramer()
  private readonly timers: TimerSet<'deadline' | 'ping' | 'pong'>
  private unanswered: Sending[] = []
  private waitingBytes = 0
  private ready: boolean
  private failure: Error | undefined

  constructor(options: StreamConnectionOptions) {
    this.options = options
    this.key = options.key
    this.peer = options.peer
    this.timers = new TimerSet(options.clock)
    this.ready = options.readyEvent === undefined
    const { socket, readyEvent } = options
    socket.setKeepAlive(true, kernelKeepaliveMs)
    socket.setTimeout(idleTimeoutMs, () => this.close(new Error('connection timed out')))
    socket.on('error', (error) => {
      this.failure ??= error
      socket.destroy()
    })
    socket.on('close', () => this.closed())
    socket.on('data', (chunk) => this.read(chunk))
    if (readyEvent === undefined) return
    this.timers.set('deadline', connectTimeoutMs, () => this.close(new Error('connection timed out')))
    socket.once(readyEvent, () => this.begin())
  }

  send(sending: Sending): void {
    const { socket } = this.options
    if (socket.writableLength + this.waitingBytes > maxQueuedBytes) {
      sending.onError(new Error('connection is stuck'))
      return
    }
    this.unanswered.push(sending)
    if (this.ready) {
      // What is older than that is left to the timers of its transaction.
      if (this.unanswered.length > maxUnanswered) this.unanswered.shift()
      socket.write(sending.bytes)
      this.scheduleKeepalive()
    } else this.waitingBytes += sending.bytes.length
  }

  close(failure: Error): void {
    this.failure ??= failure
    this.options.socket.destroy()
  }

  private begin(): void {
    this.ready = true
    this.waitingBytes = 0
    this.timers.stop('deadline')
    for (const { bytes } of this.unanswered) this.options.socket.write(bytes)
    this.scheduleKeepalive()
  }

  private read(chunk: Buffer): void {
    const { deliver, socket } = this.options
    this.heard = true
    this.unanswered = []
    this.timers.stop('pong')
    this.scheduleKeepalive()
    const host = plainAddress(socket.remoteAddress ?? this.peer.host)
    const source = { ...this.peer, host, connection: this.key }
    try {
      for (const frame of this.framer.push(chunk)) {
        if (frame.kind === 'message') deliver(frame.bytes, source)
        else if (socket.writableLength < maxQueuedPongBytes) socket.write('\r\n')
      }
      socket.setTimeout(this.framer.isMidMessage ? midMessageTimeoutMs : idleTimeoutMs)
    } catch {
      socket.destroy() // the position in the stream is lost
    }
  }

  private scheduleKeepalive(): void {
    const keepaliveS = this.peer.profile?.keepaliveS
    if (keepaliveS === undefined) return
    this.timers.set('ping', keepaliveS * 1_000, () => {
      this.options.socket.write('\r\n\r\n')
      this.timers.set('pong', pongMs, () => this.close(new Error('no answer to a keepalive')))
    })
  }

  private closed(): void {
    this.timers.clear()
    const failure = explainFailure(this.failure ?? new Error('connection was closed'), this.peer)
    this.options.onClosed(this, this.unanswered, failure)
  }
}
