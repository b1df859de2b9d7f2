import { sampleRateHz, VoiceError } from '@parley/core'

/** About -72 dBFS: below the hiss of any voice. Taste. */
const loudestSilence = 8
/** No sentence begins with a pause like that. Taste. */
const longestSilence = 2 * sampleRateHz

/**
 * Holds the start of a speech back while it is silent, for silence is what some services send in place of a voice they do not
 * have. All of it comes with the first sound, so that nothing of the speech is lost.
 */
export class AudibleStart {
  private held: Int16Array[] = []
  private heldSamples = 0
  private isAudible = false

  /** What may be heard by now, possibly nothing; the result is the caller's. Owns `samples`. @throws VoiceError TTS_FAILED */
  push(samples: Int16Array): Int16Array {
    if (this.isAudible) return samples
    this.held.push(samples)
    this.heldSamples += samples.length
    if (samples.some((sample) => Math.abs(sample) > loudestSilence)) return this.release()
    if (this.heldSamples > longestSilence) throw new VoiceError('TTS_FAILED', { detail: 'nothing but silence' })
    return new Int16Array(0)
  }

  private release(): Int16Array {
    this.isAudible = true
    const all = new Int16Array(this.heldSamples)
    let at = 0
    for (const part of this.held) {
      all.set(part, at)
      at += part.length
    }
    this.held = []
    return all
  }
}
