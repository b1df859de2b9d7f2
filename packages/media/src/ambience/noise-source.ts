/** The same noise for the same seed: a 32-bit xorshift (Marsaglia, "Xorshift RNGs", 2003). For sounds, not for secrets. */
export class NoiseSource {
  private state: number

  /** `seed`: any whole number but 0. */
  constructor(seed: number) {
    this.state = seed | 0
    for (let i = 0; i < 16; i += 1) this.next()
  }

  /** Evenly spread from -1 to 1. */
  next(): number {
    let x = this.state
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.state = x
    return x / 2_147_483_648
  }

  between(from: number, to: number): number {
    return from + ((to - from) * (this.next() + 1)) / 2
  }
}
