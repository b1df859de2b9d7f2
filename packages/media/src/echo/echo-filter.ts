import { frameSamples } from '@parley/core'

const taps = 256
/** The true delay may lie this much before the one found in steps of 10 ms. */
export const filterLeadSamples = 96
const fastStep = 0.2
const slowStep = 0.05
/** Power of a signal of about -57 dBFS over all taps: below it nothing is learned. */
const regular = taps * 2000

/**
 * Normalised least mean squares over 32 ms: learns the way of the echo and takes the echo out of a frame.
 *
 * @see Haykin, "Adaptive Filter Theory", chapter on NLMS.
 */
export class EchoFilter {
  private readonly weights = new Float32Array(taps)
  private readonly input = new Float32Array(taps + frameSamples)

  reset(): void {
    this.weights.fill(0)
  }

  /**
   * Writes `heard` less the estimated echo to `rest`. `sent`: the samples that belong to it, `taps - 1` before them
   * included. `isPure`: nothing but echo is heard, so much may be learned from it.
   */
  cancel(heard: Int16Array, sent: Int16Array, rest: Int16Array, isPure: boolean): void {
    const { weights, input } = this
    let power = 0
    for (let i = 0; i < sent.length; i += 1) input[i] = sent[i] as number
    for (let k = 0; k < taps - 1; k += 1) power += (input[k] as number) * (input[k] as number)
    const step = isPure ? fastStep : slowStep
    for (let i = 0; i < frameSamples; i += 1) {
      const newest = input[i + taps - 1] as number
      power += newest * newest
      let echo = 0
      for (let k = 0; k < taps; k += 1) echo += (weights[k] as number) * (input[i + k] as number)
      const error = (heard[i] as number) - echo
      rest[i] = Math.max(-32_768, Math.min(32_767, Math.round(error)))
      const gain = (step * error) / (power + regular)
      for (let k = 0; k < taps; k += 1) weights[k] = (weights[k] as number) + gain * (input[i + k] as number)
      const oldest = input[i] as number
      power -= oldest * oldest
    }
  }
}

export const filterInputSamples = taps + frameSamples - 1
