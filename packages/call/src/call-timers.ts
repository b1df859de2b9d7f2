import type { Clock } from '@parley/core'
import type { CallTimer } from './call.ts'

/** The timers of one call, by name; setting one again moves it. */
export class CallTimers implements Disposable {
  private readonly clock: Clock
  private readonly onFired: (timer: CallTimer) => void
  private readonly timers = new Map<CallTimer, Disposable>()

  constructor(clock: Clock, onFired: (timer: CallTimer) => void) {
    this.clock = clock
    this.onFired = onFired
  }

  set(timer: CallTimer, atMs: number): void {
    this.clear(timer)
    this.timers.set(
      timer,
      this.clock.setTimer(atMs, () => this.onFired(timer)),
    )
  }

  clear(timer: CallTimer): void {
    this.timers.get(timer)?.[Symbol.dispose]()
    this.timers.delete(timer)
  }

  [Symbol.dispose](): void {
    for (const timer of this.timers.values()) timer[Symbol.dispose]()
    this.timers.clear()
  }
}
