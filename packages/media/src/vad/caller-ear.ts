import { frameSamples } from '@parley/core'
import { EchoGate } from '../echo/echo-gate.ts'
import { EnergyGate } from './energy-gate.ts'
import { SpeechGate, type SpeechListener } from './speech-gate.ts'
import { VadTrack } from './vad-track.ts'

const echoMarginDb = 6

/** All that listens for the caller's voice on one line: echo gate, energy gate, the detector's track, speech gate. */
export class CallerEar {
  readonly track: VadTrack
  private readonly echo = new EchoGate()
  private readonly energy = new EnergyGate()
  private readonly gate: SpeechGate

  constructor(farFieldSuppression: number, listener: SpeechListener) {
    this.gate = new SpeechGate(farFieldSuppression, this.echo, listener)
    this.track = new VadTrack(this.gate, this.energy)
  }

  get isSpeaking(): boolean {
    return this.gate.isSpeaking
  }

  /** Delay and loss of our voice on the line; NaN while not known. */
  get echoDelayMs(): number {
    return this.echo.path.delayMs
  }

  get echoLossDb(): number {
    return this.echo.path.lossDb
  }

  /** Our voice as it is sent. `atMs`: the instant that belongs to the packet by its timestamp. */
  onSent(frame: Int16Array, atMs: number): void {
    this.echo.onSent(frame, Math.round(atMs * 8))
  }

  /**
   * `clockMs`: when the end of the frame was due here. Returns what to give to a recogniser: the frame less our own
   * voice, valid until the next call.
   */
  onFrame(frame: Int16Array, startSample: number, clockMs: number): Int16Array {
    const { noiseDb } = this.energy
    const cleaned = this.echo.onFrame(frame, startSample, clockMs * 8, noiseDb, this.gate.isSpeaking)
    this.energy.onFrame(cleaned, startSample, !(this.echo.excessDb(startSample, frameSamples) > echoMarginDb))
    this.track.onFrame(cleaned)
    return cleaned
  }

  onMissing(missingMs: number): void {
    this.gate.onMissing(missingMs)
  }
}
