import { frameSamples } from '@parley/core'
import type { Ambience } from './ambience/ambience.ts'
import type { AudioEncoder } from './codec/codec.ts'
import { ToneKeySender } from './dtmf/tone-key-sender.ts'
import type { PlayoutQueue } from './playout/playout-queue.ts'
import type { RelayBuffer } from './relay-buffer.ts'
import { rtpHeaderBytes, writeRtpHeader } from './rtp/rtp-packet.ts'
import { TelephoneEventSender } from './rtp/telephone-event.ts'
import type { ComplianceTone } from './tones/compliance-tone.ts'

/** How the peer wants its packets. */
export interface SendPlan {
  readonly encoder: AudioEncoder
  readonly payloadType: number
  /** Length of a packet, in samples at 8 kHz: 80 (10 ms) to 480 (60 ms). */
  readonly packetSamples: number
  /** -1: the peer takes no telephone events. */
  readonly eventType: number
  /** Of the clock in which durations of events are told: 1, or 6 at 48 kHz. */
  readonly eventTicksPerSample: number
  readonly maySend: boolean
}

/** Where packets and news of the downlink go. */
export interface DownlinkPort {
  /** Lends the buffer for the next packet. */
  nextBuffer(): Uint8Array
  send(length: number): void
  /**
   * Audio that leaves now. `dueMs` is its place on the pacer's time line, `slotMs` that of its RTP timestamp, which is
   * later when a talkspurt leaves early; both are those of the end of the packet or of this piece of it. `frame`: up to
   * 160 samples, borrowed until return. `isVoice`: more than the sound of a place.
   */
  onSpeech(frame: Int16Array, dueMs: number, slotMs: number, isVoice: boolean): void
  onStarted(generation: number): void
  onProgress(generation: number, playedSamples: number): void
  onFinished(generation: number, playedSamples: number): void
  /** The generation the owner of the call wants to be heard. */
  liveGeneration(): number
}

/** What a late tick makes up for at once; what is older is skipped. */
const maxBurstSamples = 480
const progressSamples = 800
const lateMs = 20
/** A slot due within half a tick is sent now: the tick after would be further off. */
const earlyMs = 2.5

/**
 * Sends one packet for each slot of its time line, silence included. A slot is as long as a packet: 20 ms, or what the
 * plan says. Ticks come each 5 ms, so packets of 10 or 30 ms leave as evenly as those of 20.
 *
 * ```
 *   slot      k          k+1         k+2
 *   grid      |-----------|-----------|      t0 + 20 k
 *   speech          ^------ lead -----|      k+1 leaves on arrival of its audio, the rest 20 ms apart
 * ```
 * RTP timestamps belong to slots. The first frame of a talkspurt takes the next slot early (by `leadMs`, less than a slot); the
 * first silent slot after it goes back to the grid, so that timestamps never drift from the clock. Slots that are late
 * are caught up, 60 ms at most; slots beyond are skipped and their timestamps with them.
 */
export class Downlink {
  packetsSent = 0
  bytesSent = 0
  lateTicks = 0
  skippedSlots = 0
  readonly events = new TelephoneEventSender()
  /** Keys among the audio. */
  readonly tones = new ToneKeySender()
  /** What the other leg of a bridge sends. It fills the slots in which nothing of the playout is due. */
  relay: RelayBuffer | undefined
  /** Goes before all that is said. */
  opening: ComplianceTone | undefined
  /** Lies behind everything but keys, until a bridge. */
  ambience: Ambience | undefined
  /** Changed when it turns out to be the peer's too. */
  ssrc: number
  private readonly port: DownlinkPort
  private readonly queue: PlayoutQueue
  private plan: SendPlan
  private frame: Int16Array
  /** `frame` in stretches of 20 ms and what remains. */
  private pieces: Int16Array[]
  private maySend = false
  private startedAtMs = Number.NaN
  /** Start of the slot next in line, in samples since the start. */
  private position = 0
  private leadMs = 0
  private sequence: number
  /** RTP time at `basePosition`: the start, or where the clock of the codec changed. */
  private baseTimestamp: number
  private basePosition = 0
  private talking = false
  private marker = true
  private packetsOfGeneration = 0
  private unreportedSamples = 0

  /** `entropy`: 10 random bytes for SSRC, first sequence number and first timestamp. Sends once `configure` allows it. */
  constructor(plan: SendPlan, queue: PlayoutQueue, entropy: Uint8Array, port: DownlinkPort) {
    this.plan = plan
    this.frame = new Int16Array(plan.packetSamples)
    this.pieces = piecesOf(this.frame)
    this.queue = queue
    this.port = port
    const view = new DataView(entropy.buffer, entropy.byteOffset)
    this.ssrc = view.getUint32(0)
    this.baseTimestamp = view.getUint32(4)
    this.sequence = view.getUint16(8)
  }

  /** Holds from the next packet on. */
  configure(plan: SendPlan): void {
    if (plan.encoder.ticksPerSample !== this.plan.encoder.ticksPerSample) {
      this.baseTimestamp = this.slotTimestamp
      this.basePosition = this.position
    }
    if (plan.packetSamples !== this.plan.packetSamples) {
      this.frame = new Int16Array(plan.packetSamples)
      this.pieces = piecesOf(this.frame)
    }
    if (plan.encoder !== this.plan.encoder || (plan.maySend && !this.maySend)) this.marker = true
    this.plan = plan
    this.maySend = plan.maySend
  }

  start(nowMs: number): void {
    if (Number.isNaN(this.startedAtMs)) this.startedAtMs = nowMs
  }

  get isStarted(): boolean {
    return !Number.isNaN(this.startedAtMs)
  }

  /** RTP timestamp that belongs to `nowMs`, for sender reports. */
  timestampAt(nowMs: number): number {
    return this.timestampOf((nowMs - this.startedAtMs) * 8)
  }

  /** Sends what is due at the tick planned for `tickMs`. */
  service(tickMs: number, nowMs: number): void {
    if (!this.isStarted) return
    const behindMs = nowMs - this.dueMs
    const slotMs = this.plan.packetSamples / 8
    const maxBurst = Math.ceil(maxBurstSamples / this.plan.packetSamples)
    if (behindMs > lateMs) {
      this.lateTicks += 1
      const skip = Math.floor(behindMs / slotMs) + 1 - maxBurst
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
    if (this.hasKeys || this.tones.active || this.opening?.isActive || !this.hasAudio()) return
    const aheadMs = this.dueMs - nowMs
    // Only the slot next in line may leave early.
    if (aheadMs <= 0 || aheadMs > this.plan.packetSamples / 8) return
    this.leadMs = aheadMs
    this.sendSlot(nowMs)
  }

  /** The queue was flushed or replaced. */
  generationChanged(): void {
    this.packetsOfGeneration = 0
    this.unreportedSamples = 0
  }

  private get dueMs(): number {
    return this.startedAtMs + this.position / 8 - this.leadMs
  }

  private skip(slots: number): void {
    this.position += slots * this.plan.packetSamples
    this.skippedSlots += slots
    this.marker = true
  }

  private get hasKeys(): boolean {
    return this.plan.eventType >= 0 && this.events.active
  }

  private hasAudio(): boolean {
    return this.queue.hasFrame(this.plan.packetSamples) && this.queue.generation === this.port.liveGeneration()
  }

  /** False when the slot, now silent, moved back to the grid and is not due yet. */
  private sendSlot(untilMs: number): boolean {
    if (!this.maySend) {
      this.talking = false
      this.leadMs = 0
      this.position += this.plan.packetSamples
      return true
    }
    const hasKeys = this.hasKeys
    if (hasKeys && this.sendEvent()) return true
    if (!hasKeys && this.opening?.isActive) {
      this.opening.fill(this.frame)
      this.sendTones()
      return true
    }
    if (!hasKeys && this.tones.active) {
      this.tones.fill(this.frame)
      this.sendTones()
      return true
    }
    if (!hasKeys && this.hasAudio()) {
      this.sendSpeech()
      return true
    }
    this.talking = false
    if (this.leadMs > 0 && !hasKeys) {
      this.leadMs = 0
      if (this.dueMs > untilMs) return false
    }
    const isRelayed = this.relay?.read(this.frame) === true
    if (!isRelayed) this.frame.fill(0)
    const dueMs = this.dueMs
    const isPlace = this.mixAmbience()
    this.sendFrame(this.marker)
    if (isRelayed || isPlace) this.tellSpeech(dueMs, isRelayed)
    return true
  }

  private sendSpeech(): void {
    const dueMs = this.dueMs
    const queue = this.queue
    queue.readFrame(this.frame)
    this.mixAmbience()
    this.sendFrame(this.marker || !this.talking)
    this.talking = true
    this.tellSpeech(dueMs, true)
    this.packetsOfGeneration += 1
    this.unreportedSamples += this.plan.packetSamples
    if (this.packetsOfGeneration === 1) this.port.onStarted(queue.generation)
    this.reportProgress()
  }

  /** What `frame` holds. */
  private sendTones(): void {
    const dueMs = this.dueMs
    this.sendFrame(this.marker)
    this.talking = false
    this.tellSpeech(dueMs, true)
  }

  private mixAmbience(): boolean {
    if (!this.ambience || this.relay) return false
    this.ambience.mixInto(this.frame)
    return true
  }

  private tellSpeech(dueMs: number, isVoice: boolean): void {
    let rest = this.plan.packetSamples
    for (const piece of this.pieces) {
      rest -= piece.length
      this.port.onSpeech(piece, dueMs - rest / 8, dueMs + this.leadMs - rest / 8, isVoice)
    }
  }

  /** Also called when a generation ends with nothing left to send. */
  reportProgress(): void {
    const { generation, playedSamples, isFinished } = this.queue
    if (isFinished) {
      this.queue.flush()
      this.generationChanged()
      this.port.onFinished(generation, playedSamples)
    } else if (this.unreportedSamples + this.plan.packetSamples > progressSamples) {
      this.unreportedSamples = 0
      this.port.onProgress(generation, playedSamples)
    }
  }

  /** Packets of events are 20 ms apart whatever the length of the others. False in the pause between two keys. */
  private sendEvent(): boolean {
    this.talking = false
    const { eventType, eventTicksPerSample } = this.plan
    const bytes = this.port.nextBuffer()
    const length = this.events.next(this.position, eventTicksPerSample, bytes, rtpHeaderBytes)
    if (length === 0) return false
    this.emit(bytes, eventType, this.events.marker, this.timestampOf(this.events.startSample), length, frameSamples)
    return true
  }

  private sendFrame(marker: boolean): void {
    const { encoder, payloadType, packetSamples } = this.plan
    const bytes = this.port.nextBuffer()
    const length = encoder.encode(this.frame, bytes, rtpHeaderBytes)
    this.emit(bytes, payloadType, marker, this.slotTimestamp, length, packetSamples)
  }

  private get slotTimestamp(): number {
    return this.timestampOf(this.position)
  }

  private timestampOf(position: number): number {
    const ticks = Math.round((position - this.basePosition) * this.plan.encoder.ticksPerSample)
    return (this.baseTimestamp + ticks) >>> 0
  }

  private emit(
    bytes: Uint8Array,
    payloadType: number,
    marker: boolean,
    timestamp: number,
    length: number,
    samples: number,
  ): void {
    writeRtpHeader(bytes, marker, payloadType, this.sequence, timestamp, this.ssrc)
    this.sequence = (this.sequence + 1) & 0xffff
    this.position += samples
    this.marker = false
    this.packetsSent += 1
    this.bytesSent += length
    this.port.send(rtpHeaderBytes + length)
  }
}

function piecesOf(frame: Int16Array): Int16Array[] {
  const pieces: Int16Array[] = []
  for (let at = 0; at < frame.length; at += frameSamples) pieces.push(frame.subarray(at, at + frameSamples))
  return pieces
}
