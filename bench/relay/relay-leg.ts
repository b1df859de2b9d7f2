import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { monotonicNs, nsPerMs } from '../monotonic.ts'
import { NetworkPath } from './network-path.ts'
import { type NetworkName, networkProfiles } from './network-profile.ts'
import type { RelayedPacket } from './protocol.ts'

const host = '127.0.0.1'
const rtpHeaderBytes = 12

interface Pending {
  readonly dueNs: number
  readonly datagram: Buffer
  readonly record: { leftNs?: number }
}

/**
 * One socket between a telephone and the engine. What comes from the telephone's port goes to the engine, which is
 * whoever else sends; the telephone is told this socket's address as the engine's, and the engine as the telephone's.
 * Nothing is rewritten.
 */
export class RelayLeg {
  readonly port: number
  private readonly socket: Socket
  private readonly phonePort: number
  private readonly log: (record: RelayedPacket) => void
  private readonly queues: { readonly up: DelayQueue; readonly down: DelayQueue }
  private enginePort = 0
  private paths: { readonly up: NetworkPath; readonly down: NetworkPath }

  private constructor(socket: Socket, phonePort: number, network: NetworkName, seed: number, log: RelayLeg['log']) {
    this.socket = socket
    this.port = socket.address().port
    this.phonePort = phonePort
    this.log = log
    this.paths = this.pathsOf(network, seed)
    this.queues = {
      up: new DelayQueue((datagram) => this.send(datagram, this.enginePort)),
      down: new DelayQueue((datagram) => this.send(datagram, phonePort)),
    }
    socket.on('message', (datagram, from) => this.take(datagram, from.port))
    // The other side may be gone already.
    socket.on('error', () => {})
  }

  /** @throws Error when no port is free */
  static async open(phonePort: number, network: NetworkName, seed: number, log: RelayLeg['log']): Promise<RelayLeg> {
    const socket = createSocket({
      type: 'udp4',
      recvBufferSize: 1 << 20,
      // The address is a literal; answering at once makes the send synchronous.
      lookup: (address, _options, done) => done(null, address, 4),
    })
    const listening = once(socket, 'listening')
    socket.bind(0, host)
    await listening
    return new RelayLeg(socket, phonePort, network, seed, log)
  }

  configure(network: NetworkName, seed: number): void {
    this.paths = this.pathsOf(network, seed)
    this.enginePort = 0
  }

  private pathsOf(network: NetworkName, seed: number): RelayLeg['paths'] {
    const own = seed * 7_919 + this.phonePort
    return {
      up: new NetworkPath(networkProfiles[network], own),
      down: new NetworkPath(networkProfiles[network], own + 100_003),
    }
  }

  private take(datagram: Buffer, fromPort: number): void {
    const arrivedNs = monotonicNs()
    if (datagram.length < rtpHeaderBytes) return
    const direction = fromPort === this.phonePort ? 'up' : 'down'
    // The telephone's first packets may be there before the engine has shown itself.
    if (direction === 'down') this.enginePort = fromPort
    else if (this.enginePort === 0) return
    const record: RelayedPacket & { leftNs?: number } = {
      phonePort: this.phonePort,
      direction,
      seq: datagram.readUInt16BE(2),
      ssrc: datagram.readUInt32BE(8),
      arrivedNs,
    }
    this.log(record)
    for (const delayMs of this.paths[direction].fate(arrivedNs / nsPerMs)) {
      this.queues[direction].add({ dueNs: arrivedNs + delayMs * nsPerMs, datagram, record })
    }
  }

  private send(datagram: Buffer, port: number): void {
    this.socket.send(datagram, port, host, () => {})
  }
}

/** Sends each datagram when it is due, in the order of the due times; what is due at once leaves within the call. */
class DelayQueue {
  private readonly send: (datagram: Buffer) => void
  private readonly pending: Pending[] = []
  private timer: NodeJS.Timeout | undefined

  constructor(send: (datagram: Buffer) => void) {
    this.send = send
  }

  add(item: Pending): void {
    const after = this.pending.findLastIndex((other) => other.dueNs <= item.dueNs)
    this.pending.splice(after + 1, 0, item)
    this.flush()
  }

  private readonly flush = (): void => {
    clearTimeout(this.timer)
    const nowNs = monotonicNs()
    // Timers are whole milliseconds; being early by less is nearer to the plan than being late by one.
    while (this.pending[0] && this.pending[0].dueNs <= nowNs + 0.4 * nsPerMs) {
      const { datagram, record } = this.pending.shift() as Pending
      record.leftNs ??= monotonicNs()
      this.send(datagram)
    }
    const next = this.pending[0]
    if (next) this.timer = setTimeout(this.flush, Math.max(1, Math.round((next.dueNs - nowNs) / nsPerMs - 0.4)))
  }
}
