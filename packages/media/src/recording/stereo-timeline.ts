/** Four seconds; one power of two of instants. */
const ringBlocks = 32_768
/** A frame this close (5 ms) to the end of the one before joins it, so that jitter of the clock does not click. */
const joinSamples = 40

export type Side = 'left' | 'right'

/**
 * The last seconds of both sides on one time line, from which finished stretches are taken for the file. What nobody
 * wrote is silence. Positions are instants (1/8 ms) since the recording's start.
 */
export class StereoTimeline {
  private readonly ring = new Int16Array(ringBlocks * 2)
  private taken = 0
  private readonly nextAt = [Number.NaN, Number.NaN]

  /** `atSample` may be a fraction. Audio for a stretch that was taken already is lost. */
  write(side: Side, frame: Int16Array, atSample: number): void {
    const channel = side === 'left' ? 0 : 1
    const expected = this.nextAt[channel] as number
    const start = Math.abs(atSample - expected) <= joinSamples ? expected : Math.round(atSample)
    this.nextAt[channel] = start + frame.length
    if (start + frame.length > this.taken + ringBlocks) return
    for (let i = 0; i < frame.length; i += 1) {
      const at = start + i
      if (at >= this.taken) this.ring[(at % ringBlocks) * 2 + channel] = frame[i] as number
    }
  }

  /** Samples up to `untilSample`, interleaved, little-endian; cleared here. At most four seconds. */
  take(untilSample: number): Uint8Array {
    const count = Math.min(Math.max(0, Math.floor(untilSample) - this.taken), ringBlocks)
    const bytes = new Uint8Array(count * 4)
    const view = new DataView(bytes.buffer)
    for (let i = 0; i < count; i += 1) {
      const at = ((this.taken + i) % ringBlocks) * 2
      view.setInt16(i * 4, this.ring[at] as number, true)
      view.setInt16(i * 4 + 2, this.ring[at + 1] as number, true)
      this.ring[at] = 0
      this.ring[at + 1] = 0
    }
    this.taken += count
    return bytes
  }

  get takenSamples(): number {
    return this.taken
  }
}
