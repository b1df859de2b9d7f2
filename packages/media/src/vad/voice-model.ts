import type { InferenceSession, Tensor } from 'onnxruntime-node'
import { windowSamples } from './speech-gate.ts'
import { contextSamples, stateHalf, type VadTrack } from './vad-track.ts'

/** Judges one window of each of `count` tracks at once. One call at a time. */
export interface VoiceModel {
  judge(tracks: readonly VadTrack[], count: number): Promise<void>
}

const rowSamples = contextSamples + windowSamples

/**
 * Silero VAD v5 in its native 8 kHz mode. Inputs `input [B, 32 + 256]`, `state [2, B, 128]`, `sr`; outputs
 * `output [B, 1]`, `stateN`. One thread: the pacer shares the core.
 */
export class SileroModel implements VoiceModel {
  private readonly run: (
    input: Float32Array,
    state: Float32Array,
    count: number,
  ) => Promise<InferenceSession.OnnxValueMapType>
  private input = new Float32Array(0)
  private state = new Float32Array(0)
  private ends = new Float64Array(0)

  private constructor(run: SileroModel['run']) {
    this.run = run
  }

  /** Rejects when the runtime or the file cannot be loaded. */
  static async load(path: string): Promise<SileroModel> {
    const { InferenceSession, Tensor } = await import('onnxruntime-node')
    const session = await InferenceSession.create(path, {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      logSeverityLevel: 3,
    })
    const rate = new Tensor('int64', BigInt64Array.from([8000n]), [])
    return new SileroModel((input, state, count) =>
      session.run({
        input: new Tensor('float32', input, [count, rowSamples]),
        state: new Tensor('float32', state, [2, count, stateHalf]),
        sr: rate,
      }),
    )
  }

  async judge(tracks: readonly VadTrack[], count: number): Promise<void> {
    this.grow(count)
    for (let row = 0; row < count; row += 1) this.gather(tracks[row] as VadTrack, row, count)
    const results = await this.run(
      this.input.subarray(0, count * rowSamples),
      this.state.subarray(0, count * stateHalf * 2),
      count,
    )
    const probabilities = floats(results.output)
    const states = floats(results.stateN)
    for (let row = 0; row < count; row += 1) {
      const track = tracks[row] as VadTrack
      const first = row * stateHalf
      const second = (count + row) * stateHalf
      track.state.set(states.subarray(first, first + stateHalf), 0)
      track.state.set(states.subarray(second, second + stateHalf), stateHalf)
      track.onProbability(probabilities[row] ?? 0, this.ends[row] as number)
    }
  }

  private gather(track: VadTrack, row: number, count: number): void {
    track.fillWindow(this.input, row * rowSamples)
    this.ends[row] = track.takenSamples
    this.state.set(track.state.subarray(0, stateHalf), row * stateHalf)
    this.state.set(track.state.subarray(stateHalf), (count + row) * stateHalf)
  }

  private grow(count: number): void {
    if (this.ends.length >= count) return
    const rows = Math.max(count, 16, this.ends.length * 2)
    this.input = new Float32Array(rows * rowSamples)
    this.state = new Float32Array(rows * stateHalf * 2)
    this.ends = new Float64Array(rows)
  }
}

function floats(tensor: Tensor | undefined): Float32Array {
  if (!(tensor?.data instanceof Float32Array)) throw new Error('the voice model has other outputs than expected')
  return tensor.data
}
