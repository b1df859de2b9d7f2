const ringSamples = 16_384

/**
 * What was sent to the peer, by its place in time: sample `n` belongs to `n / 8` ms of the pacer's clock. Where nothing
 * was sent there is silence. Two seconds are kept.
 */
export class ReferenceLine {
  private readonly ring = new Int16Array(ringSamples)
  private until = Number.NEGATIVE_INFINITY

  /** `frame` ends at `endSample`. Frames come in order. */
  write(frame: Int16Array, endSample: number): void {
    const start = Math.max(endSample - frame.length, this.until)
    if (start - this.until >= ringSamples) this.ring.fill(0)
    else for (let n = this.until; n < start; n += 1) this.ring[n & (ringSamples - 1)] = 0
    const shift = frame.length - endSample
    for (let n = start; n < endSample; n += 1) this.ring[n & (ringSamples - 1)] = frame[n + shift] as number
    this.until = Math.max(this.until, endSample)
  }

  /** End of what was written; minus infinity before the first frame. */
  get endSample(): number {
    return this.until
  }

  /** Fills `into` with the samples from `startSample` on. */
  read(startSample: number, into: Int16Array): void {
    const oldest = this.until - ringSamples
    for (let i = 0; i < into.length; i += 1) {
      const n = startSample + i
      into[i] = n < this.until && n >= oldest ? (this.ring[n & (ringSamples - 1)] as number) : 0
    }
  }
}
