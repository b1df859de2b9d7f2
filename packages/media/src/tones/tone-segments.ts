import { frameMs } from '@parley/core'
import { ToneMeter } from './tone-meter.ts'

/** A stretch of one kind. `frequencyHz`: mean, for tones only. Instants are media time in ms. */
export interface Segment {
  readonly kind: 'silence' | 'tone' | 'sound'
  readonly frequencyHz: number
  readonly fromMs: number
  readonly toMs: number
}

/** Frames of one tone differ by no more than this share of its frequency, or by 12 Hz. */
const maxDrift = 0.02
const maxDriftHz = 12

/**
 * Cuts audio into tones, silence and other sound. `onSegment` is called when a stretch is over; one odd frame at the
 * joint of two stretches (a tone that begins within a frame) belongs to the later one.
 */
export class ToneSegments {
  private readonly meter = new ToneMeter()
  private readonly onSegment: (segment: Segment) => void
  private kind: Segment['kind'] = 'silence'
  private frequencyHz = Number.NaN
  private fromMs = 0
  private frames = 0

  constructor(onSegment: (segment: Segment) => void) {
    this.onSegment = onSegment
  }

  /** The stretch that is not over yet. */
  current(nowMs: number): Segment {
    return { kind: this.kind, frequencyHz: this.frequencyHz, fromMs: this.fromMs, toMs: nowMs }
  }

  onFrame(frame: Int16Array, atMs: number): void {
    const { meter } = this
    meter.measure(frame)
    if (meter.kind === this.kind && (meter.kind !== 'tone' || this.isSameTone(meter.frequencyHz))) {
      this.frames += 1
      if (meter.kind === 'tone') this.frequencyHz += (meter.frequencyHz - this.frequencyHz) / this.frames
      return
    }
    // A joint: the frame in which a tone begins or ends is neither it nor silence.
    const isJoint = this.kind !== 'silence' && this.frames === 1
    if (!isJoint && atMs > this.fromMs) this.onSegment(this.current(atMs))
    if (!isJoint) this.fromMs = atMs
    this.kind = meter.kind
    this.frequencyHz = meter.frequencyHz
    this.frames = 1
  }

  private isSameTone(frequencyHz: number): boolean {
    return Math.abs(frequencyHz - this.frequencyHz) <= Math.max(maxDriftHz, maxDrift * this.frequencyHz)
  }
}

/** Whole frames in a stretch. */
export const lengthMs = (segment: Segment): number => Math.round((segment.toMs - segment.fromMs) / frameMs) * frameMs
