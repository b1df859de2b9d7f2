import { sampleRateHz } from '@parley/core'

/** A filter of second order at 8 kHz, by the formulas of R. Bristow-Johnson's "Audio EQ Cookbook". */
export class Biquad {
  private readonly b: readonly [number, number, number]
  private readonly a1: number
  private readonly a2: number
  private x1 = 0
  private x2 = 0
  private y1 = 0
  private y2 = 0

  private constructor(b: readonly [number, number, number], a0: number, a1: number, a2: number) {
    this.b = [b[0] / a0, b[1] / a0, b[2] / a0]
    this.a1 = a1 / a0
    this.a2 = a2 / a0
  }

  static lowPass(hz: number, q: number): Biquad {
    const { cos, alpha } = angleOf(hz, q)
    return new Biquad([(1 - cos) / 2, 1 - cos, (1 - cos) / 2], 1 + alpha, -2 * cos, 1 - alpha)
  }

  /** Gain 1 in the middle. */
  static bandPass(hz: number, q: number): Biquad {
    const { cos, alpha } = angleOf(hz, q)
    return new Biquad([alpha, 0, -alpha], 1 + alpha, -2 * cos, 1 - alpha)
  }

  next(x: number): number {
    const y = this.b[0] * x + this.b[1] * this.x1 + this.b[2] * this.x2 - this.a1 * this.y1 - this.a2 * this.y2
    this.x2 = this.x1
    this.x1 = x
    this.y2 = this.y1
    this.y1 = y
    return y
  }
}

function angleOf(hz: number, q: number) {
  const angle = (2 * Math.PI * hz) / sampleRateHz
  return { cos: Math.cos(angle), alpha: Math.sin(angle) / (2 * q) }
}
