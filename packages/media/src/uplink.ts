import { frameSamples } from '@parley/core'
import type { G711Tables } from './codec/g711.ts'
import { MediaTime } from './media-time.ts'
import { Reception } from './rtp/reception.ts'
import { maxPayloadBytes, type ReorderSlot, ReorderWindow } from './rtp/reorder-window.ts'
import type { RtpHeader } from './rtp/rtp-packet.ts'

/** Takes each 20 ms frame in order, without gaps: `startSample` rises by 160. `frame` is borrowed until return. */
export interface FrameSink {
  onFrame(frame: Int16Array, startSample: number): void
}

/** Loss up to this long is concealed by fading repeats; what is longer becomes silence. */
const maxConcealSamples = 480
/** A timestamp further ahead than this is a jump, not a gap. */
const maxGapSamples = 4000
/** With nothing received for this long, silence is handed out by the clock. */
const maxMissingSamples = 1600
const lateTooLongMs = 60
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
  private readonly sink: FrameSink
  private tables: G711Tables
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

  constructor(tables: G711Tables, sink: FrameSink) {
    this.tables = tables
    this.sink = sink
  }

  setCodec(tables: G711Tables): void {
    this.tables = tables
  }

  get late(): number {
    return this.window.late
  }

  /** SSRC of the peer, -1 before its first packet. */
  get peerSsrc(): number {
    return this.ssrc
  }

  /**
   * Takes a packet of the peer. `isAudio` is false for telephone events and comfort noise: they hold their place in the
   * sequence and carry no samples. False: the packet was dropped as not belonging to the stream.
   */
  receive(header: RtpHeader, datagram: Uint8Array, isAudio: boolean, nowMs: number): boolean {
    if (!this.admitSource(header.ssrc, nowMs)) return false
    const sequence = this.reception.receive(header.sequence)
    if (sequence < 0) {
      this.discarded += 1
      return false
    }
    if (this.reception.restarted) this.resynchronise(nowMs)
    const end = isAudio ? header.payloadEnd : header.payloadStart
    if (end - header.payloadStart > maxPayloadBytes) {
      this.discarded += 1
      return false
    }
    if (isAudio) this.reception.observeJitter(nowMs, header.timestamp)
    if (this.window.isBeyond(sequence)) this.drain(nowMs, true)
    this.window.put(sequence, header.timestamp, header.marker, datagram, header.payloadStart, end, nowMs)
    this.drain(nowMs, false)
    return true
  }

  /** Gives up packets that are waited for too long, and fills pauses by the clock. */
  tick(nowMs: number): void {
    this.drain(nowMs, false)
    if (!this.time.isKnown) return
    let missing = this.time.sampleAt(nowMs) - this.position
    if (missing < maxMissingSamples) return
    while (missing >= maxMissingSamples - frameSamples) {
      this.appendSilence(frameSamples)
      missing -= frameSamples
    }
  }

  /** Audio that should have arrived by now and has not, in ms. */
  missingMs(nowMs: number): number {
    return this.time.isKnown ? (this.time.sampleAt(nowMs) - this.position) / 8 : 0
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
    this.anchored = false
    this.lastSequence = -1
  }

  private drain(nowMs: number, force: boolean): void {
    for (let slot = this.window.take(nowMs, force); slot !== undefined; slot = this.window.take(nowMs, force)) {
      const isLoss = this.lastSequence >= 0 && slot.sequence > this.lastSequence + 1
      this.lastSequence = slot.sequence
      if (slot.length > 0) this.place(slot, isLoss, nowMs)
    }
  }

  private place(slot: ReorderSlot, isLoss: boolean, nowMs: number): void {
    let skip = 0
    if (this.anchored) {
      const at = this.anchorSample + ((slot.timestamp - this.anchorTimestamp) | 0)
      const gap = at - this.position
      if (gap > maxGapSamples) this.rebase()
      else if (gap > 0) this.fillGap(gap, isLoss)
      else if (gap < 0 && -gap < slot.length) skip = -gap
      else if (gap < 0 && !this.acceptLate(slot, gap, nowMs)) return
    } else if (this.time.isKnown) this.catchUp(nowMs, slot.length)
    this.lateSinceMs = 0
    this.anchored = true
    this.anchorTimestamp = slot.timestamp
    this.anchorSample = this.position - skip
    this.time.observe(nowMs, this.position + slot.length - skip)
    this.appendPayload(slot, skip)
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

  /** After a change of source: the place in media time is told by the clock. */
  private catchUp(nowMs: number, length: number): void {
    const gap = Math.round(this.time.sampleAt(nowMs)) - length - this.position
    if (gap > 0 && gap <= maxGapSamples) this.appendSilence(gap)
  }

  private fillGap(gap: number, isLoss: boolean): void {
    const conceal = isLoss ? Math.min(gap, maxConcealSamples) : 0
    for (let i = 0; i < conceal; i += 1) {
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

  private appendPayload(slot: ReorderSlot, skip: number): void {
    const decode = this.tables.decode
    for (let i = skip; i < slot.length; i += 1) this.appendSample(decode[slot.payload[i] as number] as number)
    this.repeats = 0
  }

  private appendSilence(count: number): void {
    for (let i = 0; i < count; i += 1) this.appendSample(0)
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
