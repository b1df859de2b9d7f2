import { frameSamples } from '@parley/core'
import { type AudioDecoder, maxPacketSamples } from './codec/codec.ts'
import { ComfortNoise } from './codec/comfort-noise.ts'
import { MediaTime } from './media-time.ts'
import { Reception } from './rtp/reception.ts'
import { maxPayloadBytes, type PacketContent, type ReorderSlot, ReorderWindow } from './rtp/reorder-window.ts'
import type { RtpHeader } from './rtp/rtp-packet.ts'

/** Takes each 20 ms frame in order, without gaps: `startSample` rises by 160. `frame` is borrowed until return. */
export interface FrameSink {
  onFrame(frame: Int16Array, startSample: number): void
}

/** Loss up to this long is concealed by fading repeats; what is longer becomes silence. */
const maxConcealSamples = 480
/** A timestamp further ahead than this is a jump, not a gap. */
const maxGapSamples = 4000
/** With nothing received for this long, silence is handed out by the clock; */
const maxMissingSamples = 1600
/** and for this long in a pause that the peer announced. It is more than jitter. Taste. */
const maxPauseSamples = 640
const lateTooLongMs = 60
/** 5 ms in which the first samples of a new decoder grow out of the last sample of the old one. Taste. */
const blendSamples = 40
const repeatGain = [0.7, 0.35, 0.12]

/**
 * From RTP payload to 20 ms frames of the peer's audio, as they arrive.
 *
 * Media time is a gapless count of samples. It follows the RTP timestamps while those make sense, and the clock where
 * they do not: after a jump, a new SSRC, or a pause in which the peer's timestamps stood still.
 */
export class Uplink {
  readonly reception = new Reception()
  readonly time = new MediaTime()
  discarded = 0
  concealedFrames = 0
  private readonly window = new ReorderWindow()
  private readonly noise = new ComfortNoise()
  private readonly sink: FrameSink
  private readonly samples = new Int16Array(maxPacketSamples)
  /** Who decoded the packet before. */
  private decoder: AudioDecoder | undefined
  private readonly frame = new Int16Array(frameSamples)
  private readonly lastFrame = new Int16Array(frameSamples)
  private filled = 0
  /** Samples accepted so far, including those of the unfinished frame. */
  private position = 0
  private repeats = 0
  private anchored = false
  private anchorTimestamp = 0
  private anchorSample = 0
  private lastSequence = -1
  private lateSinceMs = 0
  private ssrc = -1
  private otherSsrc = -1
  /** By how much the packets of the peer are longer than a frame: what is still being filled is not missing. */
  private longerBy = 0
  private lastSample = 0
  private blendFrom = 0
  private blendLeft = 0

  constructor(sink: FrameSink) {
    this.sink = sink
  }

  get late(): number {
    return this.window.late
  }

  /** SSRC of the peer, -1 before its first packet. */
  get peerSsrc(): number {
    return this.ssrc
  }

  /**
   * Takes a packet of the peer. What is no audio holds its place in the sequence and carries no samples. False: the
   * packet was dropped as not belonging to the stream.
   */
  receive(header: RtpHeader, datagram: Uint8Array, content: PacketContent, nowMs: number): boolean {
    if (!this.admitSource(header.ssrc, nowMs)) return false
    const sequence = this.reception.receive(header.sequence)
    if (sequence < 0) {
      this.discarded += 1
      return false
    }
    if (this.reception.restarted) this.resynchronise(nowMs)
    const { timestamp, marker, payloadStart } = header
    const end = content === 'nothing' ? payloadStart : header.payloadEnd
    if (end - payloadStart > maxPayloadBytes) {
      this.discarded += 1
      return false
    }
    if (typeof content === 'object') this.reception.observeJitter(nowMs, timestamp, content.ticksPerSample * 8)
    if (this.window.isBeyond(sequence)) this.drain(nowMs, true)
    this.window.put(sequence, timestamp, marker, content, datagram, payloadStart, end, nowMs)
    this.drain(nowMs, false)
    return true
  }

  /** Gives up packets that are waited for too long, and fills pauses by the clock. */
  tick(nowMs: number): void {
    this.drain(nowMs, false)
    if (!this.time.isKnown) return
    let missing = this.time.sampleAt(nowMs) - this.position
    const most = this.noise.isActive ? maxPauseSamples : maxMissingSamples
    if (missing < most) return
    while (missing >= most - frameSamples) {
      this.appendSilence(frameSamples)
      missing -= frameSamples
    }
  }

  /** Audio that should have arrived by now and has not, in ms. */
  missingMs(nowMs: number): number {
    return this.time.isKnown ? (this.time.sampleAt(nowMs) - this.position - this.longerBy) / 8 : 0
  }

  /** A change of SSRC counts when two packets in a row have the new one. */
  private admitSource(ssrc: number, nowMs: number): boolean {
    if (ssrc === this.ssrc) {
      this.otherSsrc = -1
      return true
    }
    if (this.ssrc >= 0 && ssrc !== this.otherSsrc) {
      this.otherSsrc = ssrc
      this.discarded += 1
      return false
    }
    if (this.ssrc >= 0) {
      this.reception.newSource()
      this.resynchronise(nowMs)
    }
    this.ssrc = ssrc
    this.otherSsrc = -1
    return true
  }

  private resynchronise(nowMs: number): void {
    this.drain(nowMs, true)
    this.window.reset()
    this.noise.stop()
    this.anchored = false
    this.lastSequence = -1
  }

  private drain(nowMs: number, force: boolean): void {
    for (let slot = this.window.take(nowMs, force); slot !== undefined; slot = this.window.take(nowMs, force)) {
      const isLoss = this.lastSequence >= 0 && slot.sequence > this.lastSequence + 1
      this.lastSequence = slot.sequence
      const { content } = slot
      if (content === 'noise') this.noise.start(slot.payload, slot.length)
      if (typeof content !== 'object') continue
      const length = content.samplesIn(slot.payload, slot.length)
      if (length > 0 && length <= maxPacketSamples) this.place(slot, content, length, isLoss, nowMs)
      else if (slot.length > 0) this.discarded += 1
    }
  }

  private place(slot: ReorderSlot, decoder: AudioDecoder, length: number, isLoss: boolean, nowMs: number): void {
    let skip = 0
    if (decoder !== this.decoder) this.changeDecoder(decoder)
    if (this.anchored) {
      const ticks = (slot.timestamp - this.anchorTimestamp) | 0
      const gap = this.anchorSample + Math.round(ticks / decoder.ticksPerSample) - this.position
      if (gap > maxGapSamples) this.rebase()
      else if (gap > 0) this.fillGap(gap, isLoss ? slot : undefined, decoder)
      else if (gap < 0 && -gap < length) skip = -gap
      else if (gap < 0 && !this.acceptLate(slot, gap, nowMs)) return
    } else if (this.time.isKnown) this.catchUp(nowMs, length)
    this.lateSinceMs = 0
    this.anchored = true
    this.anchorTimestamp = slot.timestamp
    this.anchorSample = this.position - skip
    this.longerBy = Math.max(0, length - frameSamples)
    this.time.observe(nowMs, this.position + length - skip)
    this.appendPayload(slot, decoder, skip)
  }

  /** The peer changed its codec: its timestamps go on when the clock is the same. */
  private changeDecoder(decoder: AudioDecoder): void {
    if (this.decoder === undefined) {
      this.decoder = decoder
      return
    }
    if (this.decoder.ticksPerSample !== decoder.ticksPerSample) this.anchored = false
    this.decoder = decoder
    this.blendLeft = blendSamples
    this.blendFrom = this.lastSample
  }

  /**
   * A packet whose place was filled with silence. Audio that comes late in a burst is dropped; when lateness lasts, or a
   * talkspurt starts with it, the peer's timestamps stood still in the pause and are taken anew.
   */
  private acceptLate(slot: ReorderSlot, gap: number, nowMs: number): boolean {
    if (this.lateSinceMs === 0) this.lateSinceMs = nowMs
    if (gap > -maxGapSamples && !slot.marker && nowMs - this.lateSinceMs < lateTooLongMs) {
      this.discarded += 1
      return false
    }
    this.rebase()
    return true
  }

  private rebase(): void {
    this.time.reset()
  }

  /** After a change of source or clock: the place in media time is told by ours, where it differs by more than jitter. */
  private catchUp(nowMs: number, length: number): void {
    const gap = Math.round(this.time.sampleAt(nowMs)) - length - this.position
    if (gap >= frameSamples && gap <= maxGapSamples) this.appendSilence(gap)
  }

  /** `next`: the packet after a loss; undefined when the peer left the gap itself. */
  private fillGap(gap: number, next: ReorderSlot | undefined, decoder: AudioDecoder): void {
    const conceal = next ? Math.min(gap, maxConcealSamples) : 0
    let recovered = 0
    if (next && decoder.recover) {
      recovered = decoder.recover(next.payload, next.length, conceal, this.samples)
      for (let i = 0; i < recovered; i += 1) this.appendSample(this.samples[i] as number)
      this.concealedFrames += Math.round(recovered / frameSamples)
    }
    for (let i = recovered; i < conceal; i += 1) {
      const gain = repeatGain[this.repeats] ?? 0
      this.appendSample((this.lastFrame[this.filled] as number) * gain)
      if (this.filled === 0) {
        this.repeats += 1
        this.concealedFrames += 1
      }
    }
    this.appendSilence(gap - conceal)
    this.repeats = 0
  }

  private appendPayload(slot: ReorderSlot, decoder: AudioDecoder, skip: number): void {
    this.noise.stop()
    const count = decoder.decode(slot.payload, slot.length, this.samples)
    for (let i = skip; i < count; i += 1) {
      let value = this.samples[i] as number
      if (this.blendLeft > 0) {
        value += ((this.blendFrom - value) * this.blendLeft) / (blendSamples + 1)
        this.blendLeft -= 1
      }
      this.appendSample(value)
    }
    this.lastSample = this.samples[Math.max(0, count - 1)] as number
    this.repeats = 0
  }

  /** In a pause that the peer announced, its noise. */
  private appendSilence(count: number): void {
    for (let i = 0; i < count; i += 1) this.appendSample(this.noise.next())
  }

  private appendSample(value: number): void {
    this.frame[this.filled] = value
    this.filled += 1
    this.position += 1
    if (this.filled < frameSamples) return
    this.filled = 0
    // While a loss is concealed the pattern stays that of the last true frame.
    if (this.repeats === 0) this.lastFrame.set(this.frame)
    this.sink.onFrame(this.frame, this.position - frameSamples)
  }
}
