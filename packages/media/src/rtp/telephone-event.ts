import { uint16 } from './rtp-packet.ts'

/** Event codes 0-15. @see RFC 4733 section 3.2 */
const keys = '0123456789*#ABCD'
/** A key whose end packets were all lost is reported when no packet of it has come for this long. */
const silentEndMs = 150

/** Called once per key. `durationMs` is the longest duration seen. */
export type KeyHandler = (key: string, durationMs: number) => void

/**
 * Turns the packets of telephone events into keys, each exactly once.
 *
 * All packets of one key share a timestamp; that alone tells keys apart, so lost start or end packets neither double nor
 * swallow a key. A key is reported with its end bit, or when another key begins, or when its packets cease.
 * @see RFC 4733 section 2.5.2.2
 */
export class TelephoneEventReceiver {
  private readonly onKey: KeyHandler
  private event = -1
  private timestamp = -1
  private durationMs = 0
  private reported = true
  private lastAtMs = 0

  constructor(onKey: KeyHandler) {
    this.onKey = onKey
  }

  /** `ticksPerMs`: of the clock in which the event tells its duration. */
  receive(
    timestamp: number,
    datagram: Uint8Array,
    start: number,
    end: number,
    nowMs: number,
    ticksPerMs: number,
  ): void {
    if (end - start < 4) return
    const event = datagram[start] as number
    if (event > 15) return
    const isEnd = ((datagram[start + 1] as number) & 0x80) !== 0
    const durationMs = uint16(datagram, start + 2) / ticksPerMs
    if (timestamp !== this.timestamp) {
      // Packets of an earlier key that were overtaken.
      if (this.timestamp >= 0 && ((timestamp - this.timestamp) | 0) < 0) return
      this.report()
      this.timestamp = timestamp
      this.event = event
      this.durationMs = 0
      this.reported = false
    }
    this.lastAtMs = nowMs
    if (durationMs > this.durationMs) this.durationMs = durationMs
    if (isEnd) this.report()
  }

  tick(nowMs: number): void {
    if (!this.reported && nowMs - this.lastAtMs >= silentEndMs) this.report()
  }

  /** A new source begins; its timestamps are unrelated. */
  reset(): void {
    this.report()
    this.timestamp = -1
  }

  private report(): void {
    if (this.reported) return
    this.reported = true
    this.onKey(keys.charAt(this.event), Math.round(this.durationMs))
  }
}

const tonePackets = 5
const endPackets = 3
const packetSamples = 160
const pauseSamples = 640
const volume = 10

/**
 * Plays keys as telephone events, one packet each 20 ms: 100 ms of growing duration, the end packet three times, then a
 * pause of 80 ms.
 * @see RFC 4733 section 2.5.1
 */
export class TelephoneEventSender {
  marker = false
  /** Place of the key that is sent: all its packets have the timestamp of this sample. */
  startSample = 0
  private readonly queue: number[] = []
  private event = -1
  private step = 0
  private pauseUntilSample = 0

  /** Characters that are no keys are ignored. */
  push(key: string): void {
    const event = keys.indexOf(key.toUpperCase())
    if (event >= 0) this.queue.push(event)
  }

  get active(): boolean {
    return this.event >= 0 || this.queue.length > 0
  }

  /**
   * Writes the payload for the place `atSample` (at 8 kHz) into `to` at `offset` and returns its length; 0 in the pause
   * between keys. `ticksPerSample`: of the clock of the events. `marker` and `startSample` are then those of the packet.
   */
  next(atSample: number, ticksPerSample: number, to: Uint8Array, offset: number): number {
    if (this.event < 0) {
      this.event = this.queue.shift() ?? -1
      if (this.event < 0) return 0
      this.step = 0
      this.startSample = atSample
    }
    const step = this.step
    if (step >= tonePackets + endPackets) {
      if (atSample + packetSamples >= this.pauseUntilSample) this.event = -1
      return 0
    }
    this.step += 1
    this.pauseUntilSample = atSample + packetSamples + pauseSamples
    const durationTicks = Math.min(step + 1, tonePackets) * packetSamples * ticksPerSample
    this.marker = step === 0
    to[offset] = this.event
    to[offset + 1] = (step >= tonePackets ? 0x80 : 0) | volume
    to[offset + 2] = durationTicks >> 8
    to[offset + 3] = durationTicks
    return 4
  }
}
