import { saturate } from './saturate.ts'

/** Gains of the inverse quantizers of 6, 4 and 2 bits, Q15 of the step. @see ITU-T G.722 tables 14 to 19 */
const inverse6 = Int32Array.of(
  -136,
  -136,
  -136,
  -136,
  -24_808,
  -21_904,
  -19_008,
  -16_704,
  -14_984,
  -13_512,
  -12_280,
  -11_192,
  -10_232,
  -9360,
  -8576,
  -7856,
  -7192,
  -6576,
  -6000,
  -5456,
  -4944,
  -4464,
  -4008,
  -3576,
  -3168,
  -2776,
  -2400,
  -2032,
  -1688,
  -1360,
  -1040,
  -728,
  24_808,
  21_904,
  19_008,
  16_704,
  14_984,
  13_512,
  12_280,
  11_192,
  10_232,
  9360,
  8576,
  7856,
  7192,
  6576,
  6000,
  5456,
  4944,
  4464,
  4008,
  3576,
  3168,
  2776,
  2400,
  2032,
  1688,
  1360,
  1040,
  728,
  432,
  136,
  -432,
  -136,
)
const inverse4 = Int32Array.of(
  0,
  -20_456,
  -12_896,
  -8968,
  -6288,
  -4240,
  -2584,
  -1200,
  20_456,
  12_896,
  8968,
  6288,
  4240,
  2584,
  1200,
  0,
)
const inverse2 = Int32Array.of(-7408, -1616, 7408, 1616)
/** Thresholds of the quantizer of the lower band, in units of 1/4096 of the step. */
const thresholds = Int32Array.of(
  0,
  35,
  72,
  110,
  150,
  190,
  233,
  276,
  323,
  370,
  422,
  473,
  530,
  587,
  650,
  714,
  786,
  858,
  940,
  1023,
  1121,
  1219,
  1339,
  1458,
  1612,
  1765,
  1980,
  2195,
  2557,
  2919,
)
/** By how much a code word moves the logarithm of the step. */
const lowStep = Int32Array.of(0, 3042, 1198, 538, 334, 172, 58, -30, 3042, 1198, 538, 334, 172, 58, -30, -60)
const highStep = Int32Array.of(798, -214, 798, -214)
const powerOfTwo = Int32Array.of(
  2048,
  2093,
  2139,
  2186,
  2233,
  2282,
  2332,
  2383,
  2435,
  2489,
  2543,
  2599,
  2656,
  2714,
  2774,
  2834,
  2896,
  2960,
  3025,
  3091,
  3158,
  3228,
  3298,
  3371,
  3444,
  3520,
  3597,
  3676,
  3756,
  3838,
  3922,
  4008,
)
const highThreshold = 564

/**
 * One sub-band of G.722: an adaptive predictor of two poles and six zeros, and an adaptive quantizer step. Encoder and
 * decoder run the same one. Arithmetic is that of 16-bit words, as the standard has it.
 * @see ITU-T G.722 clause 5.2 (blocks 3 and 4)
 */
class Band {
  /** What the predictor expects of the next sample. */
  predicted = 0
  /** Quantizer step. */
  step: number
  private zeroPart = 0
  private logStep = 0
  private readonly maxLogStep: number
  private readonly shift: number
  private pole1 = 0
  private pole2 = 0
  private readonly zeros = new Int32Array(6)
  /** The last six quantized differences. */
  private readonly differences = new Int32Array(6)
  private reconstructed1 = 0
  private partial1 = 0
  private partial2 = 0

  constructor(step: number, maxLogStep: number, shift: number) {
    this.step = step
    this.maxLogStep = maxLogStep
    this.shift = shift
  }

  /** Block 3: the step follows the code words. */
  adaptStep(change: number): void {
    const log = clamp(((this.logStep * 127) >> 7) + change, 0, this.maxLogStep)
    this.logStep = log
    const mantissa = powerOfTwo[(log >> 6) & 31] as number
    const exponent = this.shift - (log >> 11)
    this.step = (exponent < 0 ? mantissa << -exponent : mantissa >> exponent) << 2
  }

  /** Block 4: the predictor learns from a quantized difference. */
  adaptPredictor(difference: number): void {
    const reconstructed = saturate(this.predicted + difference)
    const partial = saturate(this.zeroPart + difference)
    this.adaptPoles(partial)
    const zeroPart = this.adaptZeros(difference)
    const poles =
      ((this.pole1 * saturate(2 * reconstructed)) >> 15) + ((this.pole2 * saturate(2 * this.reconstructed1)) >> 15)
    this.reconstructed1 = reconstructed
    this.partial2 = this.partial1
    this.partial1 = partial
    this.zeroPart = zeroPart
    this.predicted = saturate(saturate(poles) + zeroPart)
  }

  private adaptPoles(partial: number): void {
    const sameAs1 = partial < 0 === this.partial1 < 0
    const sameAs2 = partial < 0 === this.partial2 < 0
    const quadruple = saturate(this.pole1 * 4)
    const pull = Math.min(sameAs1 ? -quadruple : quadruple, 32_767) >> 7
    const pole2 = clamp((sameAs2 ? 128 : -128) + pull + ((this.pole2 * 32_512) >> 15), -12_288, 12_288)
    const limit = saturate(15_360 - pole2)
    this.pole1 = clamp(saturate((sameAs1 ? 192 : -192) + ((this.pole1 * 32_640) >> 15)), -limit, limit)
    this.pole2 = pole2
  }

  /** Returns the part of the zeros in the next prediction. */
  private adaptZeros(difference: number): number {
    const { zeros, differences } = this
    const gain = difference === 0 ? 0 : 128
    for (let i = 0; i < 6; i += 1) {
      const same = (differences[i] as number) < 0 === difference < 0
      zeros[i] = saturate((same ? gain : -gain) + (((zeros[i] as number) * 32_640) >> 15))
    }
    for (let i = 5; i > 0; i -= 1) differences[i] = differences[i - 1] as number
    differences[0] = difference
    let sum = 0
    for (let i = 0; i < 6; i += 1) sum += ((zeros[i] as number) * saturate(2 * (differences[i] as number))) >> 15
    return saturate(sum)
  }
}

/** 0 to 4 kHz at 6 bits (48 kbit/s). */
export class LowBand {
  private readonly band = new Band(32, 18_432, 8)

  /** Returns the code word of a sample of the band. */
  encode(sample: number): number {
    const { band } = this
    const error = saturate(sample - band.predicted)
    const magnitude = error >= 0 ? error : -(error + 1)
    let level = 1
    while (level < 30 && magnitude >= ((thresholds[level] as number) * band.step) >> 12) level += 1
    const code = error < 0 ? negativeCode(level) : 62 - level
    this.adapt(code)
    return code
  }

  /** Returns the sample of a code word. */
  decode(code: number): number {
    const { band } = this
    const sample = clamp(band.predicted + ((band.step * (inverse6[code] as number)) >> 15), -16_384, 16_383)
    this.adapt(code)
    return sample
  }

  /** Only the four upper bits drive the adaptation, so that lower rates stay in step. */
  private adapt(code: number): void {
    const coarse = code >> 2
    const difference = (this.band.step * (inverse4[coarse] as number)) >> 15
    this.band.adaptStep(lowStep[coarse] as number)
    this.band.adaptPredictor(difference)
  }
}

/** 4 to 8 kHz at 2 bits (16 kbit/s). */
export class HighBand {
  private readonly band = new Band(8, 22_528, 10)

  encode(sample: number): number {
    const { band } = this
    const error = saturate(sample - band.predicted)
    const magnitude = error >= 0 ? error : -(error + 1)
    const isLarge = magnitude >= (highThreshold * band.step) >> 12
    const code = error < 0 ? (isLarge ? 0 : 1) : isLarge ? 2 : 3
    this.adapt(code)
    return code
  }

  decode(code: number): number {
    const { band } = this
    const sample = clamp(band.predicted + ((band.step * (inverse2[code] as number)) >> 15), -16_384, 16_383)
    this.adapt(code)
    return sample
  }

  private adapt(code: number): void {
    const difference = (this.band.step * (inverse2[code] as number)) >> 15
    this.band.adaptStep(highStep[code] as number)
    this.band.adaptPredictor(difference)
  }
}

/** The two smallest negative levels are 63 and 62; the others count down from 31. */
function negativeCode(level: number): number {
  return level < 3 ? 64 - level : 34 - level
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value))
}
