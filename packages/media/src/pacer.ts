import type { Clock } from '@parley/core'

/** Something the pacer visits on each tick. */
export interface Paced {
  /** `tickMs` is the planned instant, `nowMs` the true one. */
  tick(tickMs: number, nowMs: number): void
}

const tickMs = 5

/**
 * The one timer of a worker: visits everything each 5 ms. Each deadline is `t0 + k * 5`, computed from the start, so
 * that lateness never adds up. It runs only while there is something to visit.
 */
export class Pacer implements Disposable {
  private readonly clock: Clock
  private readonly visited = new Set<Paced>()
  private readonly afterTick: (nowMs: number) => void
  private timer: Disposable | undefined
  private startMs = 0
  private ticks = 0
  private worstLateMs = 0

  constructor(clock: Clock, afterTick: (nowMs: number) => void) {
    this.clock = clock
    this.afterTick = afterTick
  }

  add(paced: Paced): void {
    this.visited.add(paced)
    if (this.timer) return
    this.startMs = this.clock.nowMs()
    this.ticks = 0
    this.arm()
  }

  remove(paced: Paced): void {
    this.visited.delete(paced)
    if (this.visited.size === 0) this[Symbol.dispose]()
  }

  /** How late the latest tick was since the last call: the health of this thread. */
  takeWorstLateMs(): number {
    const worstMs = this.worstLateMs
    this.worstLateMs = 0
    return worstMs
  }

  [Symbol.dispose](): void {
    this.timer?.[Symbol.dispose]()
    this.timer = undefined
  }

  private arm(): void {
    this.ticks += 1
    this.timer = this.clock.setTimer(this.startMs + this.ticks * tickMs, this.run)
  }

  private readonly run = (): void => {
    const nowMs = this.clock.nowMs()
    const lateMs = nowMs - this.startMs - this.ticks * tickMs
    if (lateMs > this.worstLateMs) this.worstLateMs = lateMs
    // Ticks that were missed are one tick: each visit catches up by itself.
    if (lateMs > tickMs) this.ticks += Math.floor(lateMs / tickMs)
    const plannedMs = this.startMs + this.ticks * tickMs
    for (const paced of this.visited) paced.tick(plannedMs, nowMs)
    this.afterTick(nowMs)
    if (this.visited.size > 0) this.arm()
    else this.timer = undefined
  }
}
