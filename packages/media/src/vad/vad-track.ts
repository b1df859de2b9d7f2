import { levelDb } from './level.ts'
import { Periodicity } from './periodicity.ts'
import { type LoudStretch, type SpeechGate, windowSamples } from './speech-gate.ts'

type WindowListener = Pick<SpeechGate, 'onWindow'>

export const contextSamples = 32
/** State of the network per stream: two layers of 128. */
export const stateHalf = 128
const ringSamples = 4096
/** Windows that are not surely voice need no second opinion. */
const askPeriodicityFrom = 0.9

/**
 * What the neural detector keeps of one stream: audio not yet judged, 32 samples of context, the network's state.
 * When the detector falls behind by half a second the oldest windows are judged unvoiced unheard.
 */
export class VadTrack {
  readonly state = new Float32Array(stateHalf * 2)
  skippedWindows = 0
  private readonly gate: WindowListener
  private readonly energy: LoudStretch
  private readonly ring = new Int16Array(ringSamples)
  private readonly context = new Float32Array(contextSamples)
  private written = 0
  private read = 0
  private pendingLevelDb = 0
  private readonly periodicity = new Periodicity()
  private closed = false

  constructor(gate: WindowListener, energy: LoudStretch) {
    this.gate = gate
    this.energy = energy
  }

  onFrame(frame: Int16Array): void {
    if (this.written + frame.length - this.read > ringSamples) {
      this.read += windowSamples
      this.skippedWindows += 1
    }
    for (let i = 0; i < frame.length; i += 1) this.ring[(this.written + i) % ringSamples] = frame[i] as number
    this.written += frame.length
  }

  /** How periodic the newest 32 ms are, judged or not. */
  newestVoicing(): number {
    return this.periodicity.of(this.ring, (this.written - windowSamples + ringSamples) % ringSamples)
  }

  get isReady(): boolean {
    return !this.closed && this.written - this.read >= windowSamples
  }

  /** Writes context and the next window, scaled to -1..1, to `into` at `offset` and takes the window. */
  fillWindow(into: Float32Array, offset: number): void {
    into.set(this.context, offset)
    const from = this.read % ringSamples
    for (let i = 0; i < windowSamples; i += 1) {
      into[offset + contextSamples + i] = (this.ring[from + i] as number) / 32_768
    }
    const end = offset + contextSamples + windowSamples
    for (let i = 0; i < contextSamples; i += 1) this.context[i] = into[end - contextSamples + i] as number
    this.pendingLevelDb = levelDb(this.ring, from, windowSamples)
    this.read += windowSamples
  }

  /** The detector's verdict on the window last taken. */
  onProbability(probability: number, windowEnd: number): void {
    if (this.closed) return
    const start = windowEnd - windowSamples
    const voicing = probability >= askPeriodicityFrom ? this.periodicity.of(this.ring, start % ringSamples) : 0
    this.gate.onWindow(probability, this.pendingLevelDb, start, this.energy, voicing)
  }

  /** Media position up to which windows were taken. */
  get takenSamples(): number {
    return this.read
  }

  close(): void {
    this.closed = true
  }
}
