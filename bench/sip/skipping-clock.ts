import type { Clock } from '../../packages/core/src/index.ts'

interface Pending {
  readonly atMs: number
  readonly due: () => void
  timer: Disposable
}

/** A clock that runs like another and can be put forward; what falls due by that fires within a few milliseconds. */
export class SkippingClock implements Clock {
  private readonly clock: Clock
  private readonly pending = new Set<Pending>()
  private aheadMs = 0

  constructor(clock: Clock) {
    this.clock = clock
  }

  nowMs(): number {
    return this.clock.nowMs() + this.aheadMs
  }

  wallMs(): number {
    return this.clock.wallMs() + this.aheadMs
  }

  setTimer(atMs: number, fire: () => void): Disposable {
    const due = () => {
      this.pending.delete(entry)
      fire()
    }
    const entry: Pending = { atMs, due, timer: this.clock.setTimer(atMs - this.aheadMs, due) }
    this.pending.add(entry)
    return {
      [Symbol.dispose]: () => {
        this.pending.delete(entry)
        entry.timer[Symbol.dispose]()
      },
    }
  }

  skip(ms: number): void {
    this.aheadMs += ms
    for (const entry of this.pending) {
      entry.timer[Symbol.dispose]()
      entry.timer = this.clock.setTimer(entry.atMs - this.aheadMs, entry.due)
    }
  }
}
