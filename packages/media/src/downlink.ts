import { frameMs, frameSamples } from '@parley/core'
import { encodeG711, type G711Tables } from './codec/g711.ts'
import type { PlayoutQueue } from './playout/playout-queue.ts'
import { rtpHeaderBytes, writeRtpHeader } from './rtp/rtp-packet.ts'
import { TelephoneEventSender } from './rtp/telephone-event.ts'

/** Where packets and news of the downlink go. */
export interface DownlinkPort {
  /** Lends the buffer for the next packet. */
  nextBuffer(): Uint8Array
  send(length: number): void
  /**
   * Audio that leaves now. `dueMs` is its place on the pacer's time line, `slotMs` that of its RTP timestamp, which is
   * later when a talkspurt leaves early. `frame` is borrowed until return.
   */
  onSpeech(frame: Int16Array, dueMs: number, slotMs: number): void
  onStarted(generation: number): void
  onProgress(generation: number, playedSamples: number): void
  onFinished(generation: number, playedSamples: number): void
  /** The generation the owner of the call wants to be heard. */
  liveGeneration(): number
}

const maxBurst = 3
const progressFrames = 5
/** A slot due within half a tick is sent now: the tick after would be further off. */
const earlyMs = 2.5

/**
 * Sends one packet for each 20 ms slot of its time line, silence included.
 *
 * ```
 *   slot      k          k+1         k+2
 *   grid      |-----------|-----------|      t0 + 20 k
 *   speech          ^------ lead -----|      k+1 leaves on arrival of its audio, the rest 20 ms apart
 * ```
 * RTP timestamps belong to slots. The first frame of a talkspurt takes the next slot early (by `leadMs` < 20); the
 * first silent slot after it goes back to the grid, so that timestamps never drift from the clock. A slot that is late
 * is caught up, three at most; slots beyond are skipped and their timestamps with them.
 */
export class Downlink {
  packetsSent = 0
  bytesSent = 0
  lateTicks = 0
  skippedSlots = 0
  readonly events = new TelephoneEventSender()
  /** Changed when it turns out to be the peer's too. */
  ssrc: number
  private readonly port: DownlinkPort
  private readonly queue: PlayoutQueue
  private tables: G711Tables
  private payloadType = 0
  private eventType = -1
  private maySend = false
  private readonly frame = new Int16Array(frameSamples)
  private startedAtMs = Number.NaN
  private slot = 0
  private leadMs = 0
  private sequence: number
  private readonly firstTimestamp: number
  private talking = false
  private marker = true
  private framesOfGeneration = 0

  /** `entropy`: 10 random bytes for SSRC, first sequence number and first timestamp. */
  constructor(tables: G711Tables, queue: PlayoutQueue, entropy: Uint8Array, port: DownlinkPort) {
    this.tables = tables
    this.queue = queue
    this.port = port
    const view = new DataView(entropy.buffer, entropy.byteOffset)
    this.ssrc = view.getUint32(0)
    this.firstTimestamp = view.getUint32(4)
    this.sequence = view.getUint16(8)
  }

  /** `eventType` -1: the peer takes no telephone events. */
  configure(tables: G711Tables, payloadType: number, eventType: number, maySend: boolean): void {
    this.tables = tables
    this.payloadType = payloadType
    this.eventType = eventType
    if (maySend && !this.maySend) this.marker = true
    this.maySend = maySend
  }

  start(nowMs: number): void {
    if (Number.isNaN(this.startedAtMs)) this.startedAtMs = nowMs
  }

  get isStarted(): boolean {
    return !Number.isNaN(this.startedAtMs)
  }

  /** RTP timestamp that belongs to `nowMs`, for sender reports. */
  timestampAt(nowMs: number): number {
    return (this.firstTimestamp + Math.round((nowMs - this.startedAtMs) * 8)) >>> 0
  }

  /** Sends what is due at the tick planned for `tickMs`. */
  service(tickMs: number, nowMs: number): void {
    if (!this.isStarted) return
    const behindMs = nowMs - this.dueMs
    if (behindMs > frameMs) {
      this.lateTicks += 1
      const skip = Math.floor(behindMs / frameMs) + 1 - maxBurst
      if (skip > 0) this.skip(skip)
    }
    const untilMs = Math.max(tickMs + earlyMs, nowMs)
    for (let burst = 0; burst <= maxBurst && this.dueMs <= untilMs; burst += 1) {
      if (!this.sendSlot(untilMs)) break
    }
  }

  /** New audio came: the first frame of a talkspurt leaves now. */
  kick(nowMs: number): void {
    if (!this.isStarted || !this.maySend || this.talking || this.leadMs > 0) return
    if (this.hasKeys || !this.hasAudio()) return
    const aheadMs = this.dueMs - nowMs
    // Only the slot next in line may leave early.
    if (aheadMs <= 0 || aheadMs > frameMs) return
    this.leadMs = aheadMs
    this.sendSlot(nowMs)
  }

  /** The queue was flushed or replaced. */
  generationChanged(): void {
    this.framesOfGeneration = 0
  }

  private get dueMs(): number {
    return this.startedAtMs + this.slot * frameMs - this.leadMs
  }

  private skip(slots: number): void {
    this.slot += slots
    this.skippedSlots += slots
    this.marker = true
  }

  private get hasKeys(): boolean {
    return this.eventType >= 0 && this.events.active
  }

  private hasAudio(): boolean {
    return this.queue.hasFrame && this.queue.generation === this.port.liveGeneration()
  }

  /** False when the slot, now silent, moved back to the grid and is not due yet. */
  private sendSlot(untilMs: number): boolean {
    if (!this.maySend) {
      this.talking = false
      this.leadMs = 0
      this.slot += 1
      return true
    }
    if (this.hasKeys) return this.sendEvent()
    if (this.hasAudio()) {
      this.sendSpeech()
      return true
    }
    this.talking = false
    if (this.leadMs > 0) {
      this.leadMs = 0
      if (this.dueMs > untilMs) return false
    }
    const bytes = this.port.nextBuffer()
    bytes.fill(this.tables.silence, rtpHeaderBytes, rtpHeaderBytes + frameSamples)
    this.emit(bytes, this.payloadType, this.marker, this.slotTimestamp, frameSamples)
    return true
  }

  private sendSpeech(): void {
    const dueMs = this.dueMs
    const queue = this.queue
    queue.readFrame(this.frame)
    const bytes = this.port.nextBuffer()
    encodeG711(this.tables, this.frame, frameSamples, bytes, rtpHeaderBytes)
    this.emit(bytes, this.payloadType, this.marker || !this.talking, this.slotTimestamp, frameSamples)
    this.talking = true
    this.port.onSpeech(this.frame, dueMs, dueMs + this.leadMs)
    this.framesOfGeneration += 1
    if (this.framesOfGeneration === 1) this.port.onStarted(queue.generation)
    this.reportProgress()
  }

  /** Also called when a generation ends with nothing left to send. */
  reportProgress(): void {
    const { generation, playedSamples, isFinished } = this.queue
    if (isFinished) {
      this.queue.flush()
      this.framesOfGeneration = 0
      this.port.onFinished(generation, playedSamples)
    } else if (this.framesOfGeneration > 0 && this.framesOfGeneration % progressFrames === 0) {
      this.port.onProgress(generation, playedSamples)
    }
  }

  private sendEvent(): boolean {
    this.talking = false
    const bytes = this.port.nextBuffer()
    const length = this.events.next(this.slotTimestamp, bytes, rtpHeaderBytes)
    if (length > 0) {
      this.emit(bytes, this.eventType, this.events.marker, this.events.timestamp, length)
      return true
    }
    bytes.fill(this.tables.silence, rtpHeaderBytes, rtpHeaderBytes + frameSamples)
    this.emit(bytes, this.payloadType, false, this.slotTimestamp, frameSamples)
    return true
  }

  private get slotTimestamp(): number {
    return (this.firstTimestamp + this.slot * frameSamples) >>> 0
  }

  private emit(bytes: Uint8Array, payloadType: number, marker: boolean, timestamp: number, length: number): void {
    writeRtpHeader(bytes, marker, payloadType, this.sequence, timestamp, this.ssrc)
    this.sequence = (this.sequence + 1) & 0xffff
    this.slot += 1
    this.marker = false
    this.packetsSent += 1
    this.bytesSent += length
    this.port.send(rtpHeaderBytes + length)
  }
}
