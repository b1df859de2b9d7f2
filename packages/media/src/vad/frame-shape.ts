import { frameSamples } from '@parley/core'
import { levelDb } from './level.ts'

/** 5 ms. */
const partSamples = 40
const cutoffHz = 300
const angle = Math.tan((Math.PI * cutoffHz) / 8000)
const scale = 1 / (1 + Math.SQRT2 * angle + angle * angle)
const feedback1 = 2 * (angle * angle - 1) * scale
const feedback2 = (1 - Math.SQRT2 * angle + angle * angle) * scale

/**
 * What a frame is like above 300 Hz, where telephones begin: rumble, hum and the thump of a door are mostly below. A
 * Butterworth high-pass of second order runs over the stream; frames come in order and without gaps.
 */
export class FrameShape {
  /** dBFS. */
  levelDb = -96
  /** Between the loudest and the softest 5 ms, dB: 0 a tone, 1-8 a hiss, much more a click or an edge. */
  spreadDb = 0
  /** Correlation of neighbouring samples: near 1 low sounds, 0 a flat hiss, below it an s. */
  tilt = 0
  private readonly high = new Int16Array(frameSamples)
  private in1 = 0
  private in2 = 0
  private out1 = 0
  private out2 = 0

  onFrame(frame: Int16Array): void {
    const { high } = this
    let power = 1
    let neighbours = 0
    for (let i = 0; i < frameSamples; i += 1) {
      const input = frame[i] as number
      const output = scale * (input - 2 * this.in1 + this.in2) - feedback1 * this.out1 - feedback2 * this.out2
      power += output * output
      neighbours += output * this.out1
      this.in2 = this.in1
      this.in1 = input
      this.out2 = this.out1
      this.out1 = output
      high[i] = output
    }
    this.tilt = neighbours / power
    this.levelDb = levelDb(high, 0, frameSamples)
    let loudest = -96
    let softest = 0
    for (let at = 0; at < frameSamples; at += partSamples) {
      const part = levelDb(high, at, partSamples)
      loudest = Math.max(loudest, part)
      softest = Math.min(softest, part)
    }
    this.spreadDb = loudest - softest
  }
}
