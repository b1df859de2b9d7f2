import { frameSamples } from '@parley/core'
import { EchoGate } from '../echo/echo-gate.ts'
import { EnergyGate } from './energy-gate.ts'
import { type LoudStretch, SpeechGate, type SpeechListener, windowSamples } from './speech-gate.ts'
import { type HintContext, SpeechHint } from './speech-hint.ts'
import { VadTrack } from './vad-track.ts'

const echoMarginDb = 6

/** News of the ear. */
export interface CallerListener extends SpeechListener {
  /** A first sign of the caller's voice, which may be none. Again every 40 ms while it lasts and nothing is certain. */
  onSpeechSuspected(): void
}

/** All that listens for the caller's voice on one line: echo gate, energy gate, the detector's track, speech gate, hints. */
export class CallerEar implements HintContext {
  readonly track: VadTrack
  private readonly echo = new EchoGate()
  private readonly energy = new EnergyGate()
  private readonly gate: SpeechGate
  private readonly hint: SpeechHint

  constructor(farFieldSuppression: number, listener: CallerListener) {
    this.gate = new SpeechGate(farFieldSuppression, this.echo, listener)
    this.hint = new SpeechHint(this.echo, this, () => listener.onSpeechSuspected())
    this.track = new VadTrack(this, this.energy)
  }

  get noiseDb(): number {
    return this.energy.noiseDb
  }

  get callerVowelDb(): number {
    return this.gate.callerVowelDb
  }

  voicing(): number {
    return this.track.newestVoicing()
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
    if (this.gate.isSpeaking) this.hint.reset()
    else this.hint.onFrame(cleaned, startSample)
    return cleaned
  }

  /** The detector's verdict on a window of the track. */
  onWindow(probability: number, level: number, startSample: number, energy: LoudStretch, voicing: number): void {
    this.gate.onWindow(probability, level, startSample, energy, voicing)
    if (!this.gate.isSpeaking) this.hint.onWindow(probability, startSample + windowSamples)
  }

  onMissing(missingMs: number): void {
    this.gate.onMissing(missingMs)
  }
}
