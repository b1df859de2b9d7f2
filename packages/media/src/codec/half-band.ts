import { maxPacketSamples } from './codec.ts'
import { saturate } from './saturate.ts'

/** Taps on each side of the middle that are not zero. */
const sideTaps = 12
const pastSamples = 2 * sideTaps - 1
/** Kaiser's window: 60 dB in the stop band. */
const beta = 5.65

/** Every second tap of a half-band low-pass at 16 kHz beside its middle tap of one half; they add up to a quarter. */
const taps = halfBandTaps()

/**
 * 8 kHz to 16 kHz. Flat within 0.1 dB up to 3.4 kHz, images from 4.6 kHz on 60 dB down; 1.5 ms late.
 *
 * Each input sample gives itself (delayed) and one interpolated between it and the next.
 */
export class Upsampler {
  private readonly line = new Float32Array(pastSamples + maxPacketSamples)

  /** Writes twice `count` samples into `to`. At most 120 ms. */
  run(from: Int16Array, count: number, to: Int16Array): void {
    const { line } = this
    for (let i = 0; i < count; i += 1) line[pastSamples + i] = from[i] as number
    for (let i = 0; i < count; i += 1) {
      const left = i + sideTaps - 1
      let middle = 0
      for (let k = 0; k < sideTaps; k += 1)
        middle += (taps[k] as number) * ((line[left - k] as number) + (line[left + 1 + k] as number))
      to[2 * i] = line[left] as number
      to[2 * i + 1] = saturate(Math.round(2 * middle))
    }
    line.copyWithin(0, count, count + pastSamples)
  }
}

/** 16 kHz to 8 kHz by the same filter: what lies above 4.6 kHz is 60 dB down before it folds. */
export class Downsampler {
  private readonly even = new Float32Array(pastSamples + maxPacketSamples)
  private readonly odd = new Float32Array(pastSamples + maxPacketSamples)

  /** Writes `count` samples into `to` from twice as many. At most 120 ms. */
  run(from: Int16Array, count: number, to: Int16Array): void {
    const { even, odd } = this
    for (let i = 0; i < count; i += 1) {
      even[pastSamples + i] = from[2 * i] as number
      odd[pastSamples + i] = from[2 * i + 1] as number
    }
    for (let i = 0; i < count; i += 1) {
      // The even sample in the middle lies between the odd ones before and at its index.
      const middle = i + sideTaps
      let sum = (even[middle] as number) / 2
      for (let k = 0; k < sideTaps; k += 1)
        sum += (taps[k] as number) * ((odd[middle - 1 - k] as number) + (odd[middle + k] as number))
      to[i] = saturate(Math.round(sum))
    }
    even.copyWithin(0, count, count + pastSamples)
    odd.copyWithin(0, count, count + pastSamples)
  }
}

/** @see A. V. Oppenheim, R. W. Schafer, Discrete-Time Signal Processing, 7.6 (Kaiser window) */
function halfBandTaps(): Float64Array {
  const found = new Float64Array(sideTaps)
  let sum = 0
  for (let k = 0; k < sideTaps; k += 1) {
    const distance = 2 * k + 1
    const window = bessel(beta * Math.sqrt(1 - (distance / (2 * sideTaps)) ** 2)) / bessel(beta)
    found[k] = (Math.sin((Math.PI * distance) / 2) / (Math.PI * distance)) * window
    sum += found[k] as number
  }
  return found.map((tap) => tap / (4 * sum))
}

/** Modified Bessel function of the first kind, order zero. */
function bessel(x: number): number {
  let term = 1
  let sum = 1
  for (let k = 1; k < 30; k += 1) {
    term *= (x / (2 * k)) ** 2
    sum += term
  }
  return sum
}
