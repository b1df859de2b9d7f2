import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { monotonicNs, nsPerMs } from '../monotonic.ts'

const frameMs = 20
const frameSamples = 160
const headerBytes = 12
const silence = 0xd5
/** Of the pacing loop; each leg has its place within a frame. */
const tickMs = 5

/** The audio of one caller: sends silence and notes when what it hears arrives. */
export class RtpLeg {
  readonly port: number
  received = 0
  /** Sequence numbers that never came. */
  lost = 0
  /** Between arrivals, ms. */
  readonly spacingsMs: number[] = []
  private readonly socket: Socket
  private readonly packet = Buffer.alloc(headerBytes + frameSamples, silence)
  private lastAtNs = 0
  private lastSeq = -1
  private seq = 0
  private connected = false
  private notes = false

  private constructor(socket: Socket) {
    this.socket = socket
    this.port = socket.address().port
    this.packet[0] = 0x80
    this.packet[1] = 8
    this.packet.writeUInt32BE(this.port, 8)
    socket.on('message', (bytes) => this.receive(bytes))
    socket.on('error', () => {})
  }

  static async open(): Promise<RtpLeg> {
    const socket = createSocket('udp4')
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    return new RtpLeg(socket)
  }

  async talkTo(port: number): Promise<void> {
    this.socket.connect(port, '127.0.0.1')
    await once(this.socket, 'connect')
    this.connected = true
  }

  /** From here on arrivals count. */
  startNoting(): void {
    this.notes = true
    this.lastAtNs = 0
    this.lastSeq = -1
  }

  stopNoting(): void {
    this.notes = false
  }

  send(): void {
    if (!this.connected) return
    this.packet.writeUInt16BE(this.seq & 0xffff, 2)
    this.packet.writeUInt32BE((this.seq * frameSamples) >>> 0, 4)
    this.seq += 1
    this.socket.send(this.packet)
  }

  close(): void {
    this.connected = false
    this.socket.close()
  }

  private receive(bytes: Buffer): void {
    if (!this.notes || bytes.length < headerBytes) return
    const atNs = monotonicNs()
    const seq = bytes.readUInt16BE(2)
    this.received += 1
    if (this.lastAtNs > 0) {
      this.spacingsMs.push((atNs - this.lastAtNs) / nsPerMs)
      const step = (seq - this.lastSeq) & 0xffff
      if (step > 1 && step < 1_000) this.lost += step - 1
    }
    this.lastAtNs = atNs
    this.lastSeq = seq
  }
}

/** Lets every leg send each 20 ms, each at its own place of the 20 ms. */
export class RtpPacer implements Disposable {
  private readonly legs = new Map<RtpLeg, number>()
  private readonly timer: NodeJS.Timeout

  constructor() {
    this.timer = setInterval(() => this.tick(), tickMs)
  }

  add(leg: RtpLeg): void {
    this.legs.set(leg, monotonicNs() / nsPerMs + ((this.legs.size * 7) % frameMs))
  }

  remove(leg: RtpLeg): void {
    this.legs.delete(leg)
  }

  [Symbol.dispose](): void {
    clearInterval(this.timer)
  }

  private tick(): void {
    const nowMs = monotonicNs() / nsPerMs
    for (const [leg, atMs] of this.legs) {
      if (atMs > nowMs) continue
      leg.send()
      // After a stall one packet, not all that were missed.
      this.legs.set(leg, Math.max(atMs + frameMs, nowMs - frameMs))
    }
  }
}
