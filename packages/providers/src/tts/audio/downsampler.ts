import { sampleRateHz, VoiceError } from '@parley/core'

/** Turns a stream of `Int16` mono samples into 8 kHz. State is kept between pushes; the result is the caller's. */
export interface Downsampler {
  push(samples: Int16Array): Int16Array
}

/** Zero crossings of the ideal low-pass kept on each side, counted at 8 kHz: 1 ms of delay, stop band below -60 dB. */
const halfWidthSamples = 8
const cutoffHz = 3_500
const kaiserBeta = 6

/**
 * A low-pass and decimator for rates that are a whole multiple of 8 kHz. Only the outputs that survive the decimation
 * are computed, which is the polyphase form without the bookkeeping.
 * @throws VoiceError CONFIG_INVALID for other rates
 */
export function createDownsampler(fromHz: number): Downsampler {
  const factor = fromHz / sampleRateHz
  if (!Number.isInteger(factor) || factor < 1) {
    throw new VoiceError('CONFIG_INVALID', { detail: `cannot bring ${fromHz} Hz down to ${sampleRateHz} Hz` })
  }
  return factor === 1 ? { push: (samples) => samples } : new FirDecimator(factor)
}

class FirDecimator implements Downsampler {
  private readonly taps: Float64Array
  private readonly factor: number
  /** Input not yet passed by: the last `taps.length - 1` samples and what is short of the next output. */
  private pending: Int16Array

  constructor(factor: number) {
    this.factor = factor
    this.taps = lowPass(factor)
    this.pending = new Int16Array(this.taps.length - 1)
  }

  push(samples: Int16Array): Int16Array {
    const { factor, taps } = this
    const input = new Int16Array(this.pending.length + samples.length)
    input.set(this.pending)
    input.set(samples, this.pending.length)
    const count = Math.max(0, Math.floor((input.length - taps.length) / factor) + 1)
    const output = new Int16Array(count)
    for (let index = 0; index < count; index += 1) {
      let sum = 0
      for (let tap = 0, at = index * factor; tap < taps.length; tap += 1, at += 1) {
        sum += (taps[tap] as number) * (input[at] as number)
      }
      output[index] = Math.max(-32_768, Math.min(32_767, Math.round(sum)))
    }
    this.pending = input.slice(count * factor)
    return output
  }
}

/** Kaiser-windowed sinc with a gain of one at 0 Hz. */
function lowPass(factor: number): Float64Array {
  const half = halfWidthSamples * factor
  const cutoff = cutoffHz / (sampleRateHz * factor)
  const taps = new Float64Array(2 * half + 1)
  for (let index = 0; index < taps.length; index += 1) {
    const x = index - half
    const sinc = x === 0 ? 2 * cutoff : Math.sin(2 * Math.PI * cutoff * x) / (Math.PI * x)
    taps[index] = sinc * besselI0(kaiserBeta * Math.sqrt(1 - (x / half) ** 2))
  }
  const gain = taps.reduce((sum, tap) => sum + tap, 0)
  return taps.map((tap) => tap / gain)
}

/** Modified Bessel function of the first kind, order 0, by its power series. */
function besselI0(x: number): number {
  let sum = 1
  let term = 1
  for (let k = 1; k < 32; k += 1) {
    term *= (x / (2 * k)) ** 2
    sum += term
  }
  return sum
}
