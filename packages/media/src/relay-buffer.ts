import { frameSamples } from '@parley/core'

/** Samples that wait before the first are played: what two usual phones jitter. Taste. */
const startSamples = 2 * frameSamples
/** More than this is delay nobody needs; room for packets of 60 ms. Taste. */
const capacity = 8 * frameSamples
/** Samples read over which the emptiest moment is looked for: 2 s. */
const watchSamples = 16_000

/**
 * Audio of one leg on its way to the other, which sends it by its own clock, in packets of its own length.
 *
 * ```
 *   push (as it arrives) ─▶ [ . . s s s . . . ] ─▶ read (as packets are due)
 *                              ▲ never less than 40 ms, nor less than a packet and 20 ms, when it begins to flow
 * ```
 * It begins anew after it ran dry. Clocks that drift apart fill it slowly: when it held a frame too many for two
 * seconds, one is left out. A burst that does not fit pushes the oldest out. Allocates once.
 */
export class RelayBuffer {
  private readonly samples = new Int16Array(capacity)
  private first = 0
  private count = 0
  private flowing = false
  private packetSamples = frameSamples
  private watched = 0
  private fewest = capacity

  /** Copies `frame` (160 samples). */
  push(frame: Int16Array): void {
    if (this.count + frame.length > capacity) this.leaveOut(frame.length)
    for (let i = 0; i < frame.length; i += 1) {
      this.samples[(this.first + this.count + i) % capacity] = frame[i] as number
    }
    this.count += frame.length
    if (this.count >= this.enough) this.flowing = true
  }

  /** Fills `to`; false: there is not enough, the slot is silent. */
  read(to: Int16Array): boolean {
    this.packetSamples = to.length
    if (!this.flowing) return false
    if (this.count < to.length) {
      this.flowing = false
      return false
    }
    this.watch(to.length)
    for (let i = 0; i < to.length; i += 1) to[i] = this.samples[(this.first + i) % capacity] as number
    this.leaveOut(to.length)
    return true
  }

  private get enough(): number {
    return Math.max(startSamples, this.packetSamples + frameSamples)
  }

  private watch(reading: number): void {
    this.watched += reading
    this.fewest = Math.min(this.fewest, this.count)
    if (this.watched < watchSamples) return
    if (this.fewest > this.enough) this.leaveOut(frameSamples)
    this.watched = 0
    this.fewest = capacity
  }

  private leaveOut(samples: number): void {
    this.first = (this.first + samples) % capacity
    this.count -= samples
  }
}
