import type { Clock } from '@parley/core'
import type { TurnTimer } from '../turn/events.ts'

/** The reducer's timers on the real clock: at most one of each name. */
export class TimerBoard {
  private readonly running = new Map<TurnTimer, Disposable>()
  private readonly clock: Clock
  private readonly fired: (timer: TurnTimer) => void

  constructor(clock: Clock, fired: (timer: TurnTimer) => void) {
    this.clock = clock
    this.fired = fired
  }

  set(timer: TurnTimer, atMs: number): void {
    this.clear(timer)
    if (!Number.isFinite(atMs)) return
    const running = this.clock.setTimer(atMs, () => {
      this.running.delete(timer)
      this.fired(timer)
    })
    this.running.set(timer, running)
  }

  clear(timer: TurnTimer): void {
    this.running.get(timer)?.[Symbol.dispose]()
    this.running.delete(timer)
  }

  clearAll(): void {
    for (const timer of this.running.keys()) this.clear(timer)
  }
}
