import type { TurnTimer } from '@parley/conversation/turn'
import type { Booking, VirtualTime } from './virtual-time.ts'

/** The reducer's timers on the virtual clock: at most one of each name. */
export class TimerModel {
  private readonly running = new Map<TurnTimer, Booking>()
  private readonly time: VirtualTime
  private readonly fired: (timer: TurnTimer) => void

  constructor(time: VirtualTime, fired: (timer: TurnTimer) => void) {
    this.time = time
    this.fired = fired
  }

  get count(): number {
    return this.running.size
  }

  set(timer: TurnTimer, atMs: number): void {
    this.clear(timer)
    const booking = this.time.at(atMs, () => {
      this.running.delete(timer)
      this.fired(timer)
    })
    this.running.set(timer, booking)
  }

  clear(timer: TurnTimer): void {
    this.time.cancel(this.running.get(timer))
    this.running.delete(timer)
  }
}
