/** 20 ms at 16 kHz. */
const frameSamples = 320
/** Root mean square of the loudest frames. Best of 4500, 7000 and 10000 over 27 telephone clips, with and without noise. */
const targetRms = 4500
const maxGain = 16
const minGain = 0.25
/** How much of a louder past counts for the next utterance. */
const memory = 0.8

/**
 * The gain that brings a caller's voice to the level the recogniser expects. A line 20 dB quieter otherwise triples the
 * word errors.
 */
export class SpeechLevel {
  private loudestRms = 0

  /** Looks at the beginning of an utterance (`Int16`, 16 kHz), or at the whole of one. */
  hear(samples: Int16Array): void {
    let loudest = 0
    for (let at = 0; at + frameSamples <= samples.length; at += frameSamples) {
      let energy = 0
      for (let index = at; index < at + frameSamples; index += 1) energy += (samples[index] as number) ** 2
      loudest = Math.max(loudest, energy)
    }
    this.loudestRms = Math.max(memory * this.loudestRms, Math.sqrt(loudest / frameSamples))
  }

  get gain(): number {
    if (this.loudestRms === 0) return 1
    return Math.min(maxGain, Math.max(minGain, targetRms / this.loudestRms))
  }
}
