import type { Clock } from '@parley/core'

/** Named timers of one owner; setting a name again replaces it, `clear` stops them all. */
export class TimerSet<Name extends string> {
  private readonly timers = new Map<Name, Disposable>()
  private readonly clock: Clock

  constructor(clock: Clock) {
    this.clock = clock
  }

  set(name: Name, afterMs: number, fire: () => void): void {
    this.stop(name)
    const timer = this.clock.setTimer(this.clock.nowMs() + afterMs, () => {
      if (this.timers.get(name) === timer) this.timers.delete(name)
      fire()
    })
    this.timers.set(name, timer)
  }

  stop(name: Name): void {
    this.timers.get(name)?.[Symbol.dispose]()
    this.timers.delete(name)
  }

  clear(): void {
    for (const timer of this.timers.values()) timer[Symbol.dispose]()
    this.timers.clear()
  }
}
