import { frameSamples } from '@parley/core'

/** Frames that wait before the first one is played: what two usual phones jitter. Taste. */
const startFrames = 2
/** More than this is delay nobody needs. Taste. */
const capacity = 8
/** Reads over which the emptiest moment is looked for: 2 s. */
const watchReads = 100

/**
 * Frames of one leg on their way to the other, which sends them by its own clock.
 *
 * ```
 *   push (as they arrive) ─▶ [ . . f f f . . . ] ─▶ read (every 20 ms)
 *                               ▲ never fewer than 2 when it begins to flow
 * ```
 * It begins with two frames and begins anew after it ran dry. Clocks that drift apart fill it slowly: when it held a
 * frame too many for two seconds, one is left out. A burst that does not fit pushes the oldest out. Allocates once.
 */
export class RelayBuffer {
  private readonly frames = Array.from({ length: capacity }, () => new Int16Array(frameSamples))
  private first = 0
  private count = 0
  private flowing = false
  private reads = 0
  private fewest = capacity

  /** Copies `frame` (160 samples). */
  push(frame: Int16Array): void {
    if (this.count === capacity) this.leaveOut()
    const last = (this.first + this.count) % capacity
    this.frames[last]?.set(frame)
    this.count += 1
    if (this.count >= startFrames) this.flowing = true
  }

  /** Copies the next frame into `to`; false: there is none, the slot is silent. */
  read(to: Int16Array): boolean {
    if (!this.flowing) return false
    this.watch()
    const frame = this.frames[this.first]
    if (this.count === 0 || frame === undefined) {
      this.flowing = false
      return false
    }
    to.set(frame)
    this.leaveOut()
    return true
  }

  private watch(): void {
    this.reads += 1
    this.fewest = Math.min(this.fewest, this.count)
    if (this.reads < watchReads) return
    if (this.fewest > startFrames) this.leaveOut()
    this.reads = 0
    this.fewest = capacity
  }

  private leaveOut(): void {
    this.first = (this.first + 1) % capacity
    this.count -= 1
  }
}
