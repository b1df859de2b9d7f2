import { windowSamples } from './speech-gate.ts'
import { contextSamples, type VadTrack } from './vad-track.ts'
import type { VoiceModel } from './voice-model.ts'

const rowSamples = contextSamples + windowSamples

/**
 * Stands in for the neural model where that cannot be loaded: a window is voice when it is 12 dB above the least level
 * of the stream. The floor is kept in the track's state.
 */
export class EnergyModel implements VoiceModel {
  private readonly row = new Float32Array(rowSamples)

  judge(tracks: readonly VadTrack[], count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      const track = tracks[index] as VadTrack
      track.fillWindow(this.row, 0)
      let sum = 0
      for (let i = contextSamples; i < rowSamples; i += 1) sum += (this.row[i] as number) ** 2
      const level = 10 * Math.log10(sum / windowSamples + 1e-9)
      const floor = track.state[0] === 0 ? Math.min(level, -55) : (track.state[0] as number)
      track.state[0] = level < floor ? level : floor + 0.03
      track.onProbability(level > floor + 12 && level > -50 ? 0.9 : 0.1, track.takenSamples)
    }
    return Promise.resolve()
  }
}
