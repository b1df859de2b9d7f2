import { maxPacketSamples } from './codec.ts'
import { HighBand, LowBand } from './g722-band.ts'
import { saturate } from './saturate.ts'

/** Half of the quadrature mirror filter; the other half is its mirror image. @see ITU-T G.722 table 11 */
const mirror = Int32Array.of(3, -11, 12, 32, -210, 951, 3876, -805, 362, -156, 53, -11)
/** Samples of the past that the filter of 24 taps needs beside the two that are new. */
const pastSamples = 22

/**
 * G.722 at 64 kbit/s: 16 kHz samples to bytes, two samples to a byte.
 *
 * ```
 *   16 kHz ─▶ QMF ─▶ low  8 kHz ─▶ ADPCM 6 bits ─▶ bits 0-5
 *                └─▶ high 8 kHz ─▶ ADPCM 2 bits ─▶ bits 6-7
 * ```
 * @see ITU-T G.722 (09/2012) mode 1
 */
export class G722Encoder {
  private readonly line = new Int32Array(pastSamples + 2 * maxPacketSamples)
  private readonly low = new LowBand()
  private readonly high = new HighBand()

  /** Encodes `count` samples, an even number and 240 ms at most, into `to` at `offset`; returns the bytes written. */
  encode(from: Int16Array, count: number, to: Uint8Array, offset: number): number {
    const { line } = this
    for (let i = 0; i < count; i += 1) line[pastSamples + i] = from[i] as number
    for (let i = 0; i < count; i += 2) {
      let odd = 0
      let even = 0
      for (let k = 0; k < 12; k += 1) {
        odd += (line[i + 2 * k] as number) * (mirror[k] as number)
        even += (line[i + 2 * k + 1] as number) * (mirror[11 - k] as number)
      }
      const low = this.low.encode((even + odd) >> 14)
      const high = this.high.encode((even - odd) >> 14)
      to[offset + (i >> 1)] = (high << 6) | low
    }
    line.copyWithin(0, count, count + pastSamples)
    return count >> 1
  }
}

/** The way back: each byte gives two samples at 16 kHz. */
export class G722Decoder {
  private readonly line = new Int32Array(pastSamples + 2 * maxPacketSamples)
  private readonly low = new LowBand()
  private readonly high = new HighBand()

  /** Decodes `length` bytes into `to`, which has room for twice as many samples. */
  decode(from: Uint8Array, length: number, to: Int16Array): void {
    const { line } = this
    for (let i = 0; i < length; i += 1) {
      const code = from[i] as number
      const low = this.low.decode(code & 0x3f)
      const high = this.high.decode(code >> 6)
      const at = 2 * i
      line[pastSamples + at] = low + high
      line[pastSamples + at + 1] = low - high
      let first = 0
      let second = 0
      for (let k = 0; k < 12; k += 1) {
        second += (line[at + 2 * k] as number) * (mirror[k] as number)
        first += (line[at + 2 * k + 1] as number) * (mirror[11 - k] as number)
      }
      to[at] = saturate(first >> 11)
      to[at + 1] = saturate(second >> 11)
    }
    line.copyWithin(0, 2 * length, 2 * length + pastSamples)
  }
}
