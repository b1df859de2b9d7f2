import type { Socket } from 'node:dgram'
import { type EchoLine, EchoPath } from './echo-path.ts'
import { bindRtp, type PortRange } from './media-socket.ts'
import { nowNs, nsPerMs } from './monotonic-clock.ts'
import type { Paced, PacingLoop } from './pacing-loop.ts'
import type { PacketRecord } from './packet-log.ts'
import { RtpReceiver } from './rtp-receiver.ts'
import { RtpSender } from './rtp-sender.ts'
import type { RemoteMedia } from './sdp.ts'
import type { SeededRandom } from './seeded-random.ts'

const packetNs = 20 * nsPerMs
/** Streams start on a grid of 2 ms, so that many calls share the wake-ups of one timer. */
const phaseNs = 2 * nsPerMs

const noPayload = new Uint8Array()

/** Where RTP goes. */
interface MediaAddress {
  readonly host: string
  readonly port: number
}

interface Waiter {
  isMet(nowNs: number): boolean
  readonly deadlineNs: number
  done(result: WaitResult): void
}

export type WaitResult = 'met' | 'timeout' | 'ended'

export interface MediaOptions {
  readonly host: string
  readonly ports: PortRange | undefined
  readonly via: ((port: number) => MediaAddress | undefined) | undefined
  readonly random: SeededRandom
  readonly thresholdDb: number
  /** Keep payloads for the recording. */
  readonly keepsAudio: boolean
  onKey(key: string, atNs: number): void
}

/** Sound of one call: a socket, a sender on the shared pacing loop, a receiver, and the log of every packet. */
export class MediaLeg implements Paced {
  readonly port: number
  /** What SDP says in place of the own address and the peer's. */
  readonly via: MediaAddress | undefined
  readonly packets: PacketRecord[] = []
  readonly sender: RtpSender
  readonly receiver: RtpReceiver
  /** Deadline of packet 0; 0 before the stream starts. */
  startedNs = 0
  dueNs = Number.POSITIVE_INFINITY
  remote: RemoteMedia | undefined
  readonly #socket: Socket
  readonly #loop: PacingLoop
  readonly #waiters = new Set<Waiter>()
  #packetsDue = 0
  #stopped = false

  private constructor(socket: Socket, loop: PacingLoop, options: MediaOptions) {
    this.#socket = socket
    this.#loop = loop
    this.port = socket.address().port
    this.via = options.via?.(this.port)
    const log = (record: PacketRecord) => {
      if (options.keepsAudio) this.packets.push(record)
      else this.packets.push({ ...record, payload: noPayload })
    }
    this.sender = new RtpSender({
      random: options.random,
      thresholdDb: options.thresholdDb,
      transmit: (datagram, remote) => this.sendDatagram(datagram, remote.host, remote.port),
      log,
    })
    this.receiver = new RtpReceiver({ thresholdDb: options.thresholdDb, log, onKey: options.onKey })
    socket.on('message', (datagram, from) => {
      if (!this.#stopped) this.receiver.take(datagram, from, nowNs())
    })
  }

  /** Binds the socket. @throws Error when no port is free */
  static async open(loop: PacingLoop, options: MediaOptions): Promise<MediaLeg> {
    return new MediaLeg(await bindRtp(options.host, options.ports), loop, options)
  }

  /** Sets or changes where audio goes; the first time it starts the stream. */
  connect(signalled: RemoteMedia): void {
    if (this.#stopped) return
    const remote = { ...signalled, ...this.via }
    const previous = this.remote
    this.remote = remote
    if (previous?.host !== remote.host || previous.port !== remote.port || this.startedNs === 0)
      this.receiver.expect(remote)
    this.begin()
  }

  /** Starts the clock of the stream, also while the peer's address is not known. */
  begin(): void {
    if (this.startedNs > 0 || this.#stopped) return
    this.startedNs = Math.ceil(nowNs() / phaseNs) * phaseNs
    this.dueNs = this.startedNs
    this.#loop.add(this)
  }

  /** Called by the pacing loop. */
  tick(now: number): void {
    if (this.remote !== undefined) this.sender.tick(this.dueNs, this.remote)
    this.#packetsDue += 1
    this.dueNs = this.startedNs + this.#packetsDue * packetNs
    for (const waiter of this.#waiters) {
      const result = waiter.isMet(now) ? 'met' : now >= waiter.deadlineNs ? 'timeout' : undefined
      if (result === undefined) continue
      this.#waiters.delete(waiter)
      waiter.done(result)
    }
  }

  /** Looks at `isMet` once per packet. */
  until(isMet: (nowNs: number) => boolean, timeoutMs: number): Promise<WaitResult> {
    return new Promise((done) => {
      if (this.#stopped) return done('ended')
      this.#waiters.add({ isMet, deadlineNs: nowNs() + timeoutMs * nsPerMs, done })
    })
  }

  /** From now on what is heard comes back, `delayMs` later and `erlDb` weaker. */
  giveBack(line: EchoLine): void {
    const echo = new EchoPath(line)
    this.sender.echo = echo
    this.receiver.onSound = (samples, atNs) => echo.hear(samples, atNs)
  }

  sendDatagram(datagram: Buffer, host: string, port: number): void {
    if (!this.#stopped) this.#socket.send(datagram, port, host, () => {})
  }

  stop(): void {
    if (this.#stopped) return
    this.#stopped = true
    this.#loop.remove(this)
    this.sender.stop()
    for (const waiter of this.#waiters) waiter.done('ended')
    this.#waiters.clear()
    this.#socket.close()
  }
}
