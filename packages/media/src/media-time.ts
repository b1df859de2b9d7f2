const bucketMs = 5000

/**
 * Maps media time (samples since the first frame) to the monotonic clock.
 *
 * The offset is the least delay seen in the last 5 to 10 s: packets can be late but never early, so the minimum is the
 * instant at which the sample was sent plus the constant part of the way. Clock skew is followed as buckets expire.
 */
export class MediaTime {
  private offsetMs = Number.NaN
  private currentMs = Number.POSITIVE_INFINITY
  private previousMs = Number.POSITIVE_INFINITY
  private bucketEndsAtMs = 0

  /** Audio up to `endSample` arrived now. */
  observe(nowMs: number, endSample: number): void {
    if (nowMs >= this.bucketEndsAtMs) {
      this.previousMs = this.currentMs
      this.currentMs = Number.POSITIVE_INFINITY
      this.bucketEndsAtMs = nowMs + bucketMs
    }
    const offsetMs = nowMs - endSample / 8
    if (offsetMs < this.currentMs) this.currentMs = offsetMs
    this.offsetMs = Math.min(this.currentMs, this.previousMs)
  }

  /** The relation between media time and clock has changed. */
  reset(): void {
    this.offsetMs = Number.NaN
    this.currentMs = Number.POSITIVE_INFINITY
    this.previousMs = Number.POSITIVE_INFINITY
    this.bucketEndsAtMs = 0
  }

  get isKnown(): boolean {
    return !Number.isNaN(this.offsetMs)
  }

  /** Monotonic ms at which `sample` was due here. */
  clockOf(sample: number): number {
    return this.offsetMs + sample / 8
  }

  /** Media position that is due here at `nowMs`. */
  sampleAt(nowMs: number): number {
    return (nowMs - this.offsetMs) * 8
  }
}
