import type { Clock } from '@parley/core'

/** A clock whose timers end with their owner: after disposal none fires, whoever forgot it. */
export class ScopedClock implements Clock, Disposable {
  private readonly clock: Clock
  private readonly timers = new Set<Disposable>()
  private disposed = false

  constructor(clock: Clock) {
    this.clock = clock
  }

  nowMs(): number {
    return this.clock.nowMs()
  }

  wallMs(): number {
    return this.clock.wallMs()
  }

  setTimer(atMs: number, fire: () => void): Disposable {
    if (this.disposed) return { [Symbol.dispose]() {} }
    const inner = this.clock.setTimer(atMs, () => {
      this.timers.delete(timer)
      fire()
    })
    const timer: Disposable = {
      [Symbol.dispose]: () => {
        this.timers.delete(timer)
        inner[Symbol.dispose]()
      },
    }
    this.timers.add(timer)
    return timer
  }

  [Symbol.dispose](): void {
    this.disposed = true
    for (const timer of [...this.timers]) timer[Symbol.dispose]()
  }
}
