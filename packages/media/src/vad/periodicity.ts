/** Samples before a window that are looked at too: one longest period. */
const leadSamples = 104
const windowSamples = 256
const half = (leadSamples + windowSamples) / 2
/** 80-400 Hz at 4 kHz. */
const shortest = 10
const longest = 50
const least = leadSamples / 2

/**
 * How periodic a stretch of sound is at the pitch of a voice: 0 (noise, clicks) to 1 (a vowel, a tone). The best
 * normalised autocorrelation of the signal below 2 kHz over periods of 2.5-12.5 ms.
 */
export class Periodicity {
  private readonly low = new Float32Array(half)

  /** `ring` has a length that is a power of two; the window begins at `from` and may wrap. */
  of(ring: Int16Array, from: number): number {
    const { low } = this
    const mask = ring.length - 1
    for (let i = 0; i < half; i += 1) {
      const at = from - leadSamples + 2 * i + ring.length
      let sum = 0
      for (let k = -1; k < 3; k += 1) sum += ring[(at + k) & mask] as number
      low[i] = sum
    }
    const power = this.powerFrom(least)
    // Of the stretch one lag earlier: from lag to lag a sample comes in front and one goes behind.
    let before = this.powerFrom(least - shortest)
    let best = 0
    for (let lag = shortest; lag <= longest; lag += 1) {
      best = Math.max(best, this.product(lag) / Math.sqrt(power * before))
      const coming = low[least - lag - 1] as number
      const going = low[half - lag - 1] as number
      before += coming * coming - going * going
    }
    return best
  }

  private powerFrom(from: number): number {
    let power = 1
    for (let i = from; i < from + half - least; i += 1) power += (this.low[i] as number) ** 2
    return power
  }

  private product(lag: number): number {
    const { low } = this
    let cross = 0
    for (let i = least; i < half; i += 1) cross += (low[i] as number) * (low[i - lag] as number)
    return cross
  }
}
