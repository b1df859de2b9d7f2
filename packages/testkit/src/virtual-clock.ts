import type { Clock } from '@parley/core'

interface Timer {
  readonly atMs: number
  readonly order: number
  readonly fire: () => void
}

/** A clock that moves only when told. Timers fire in order of their time, then of their setting. */
export class VirtualClock implements Clock {
  private now: number
  private order = 0
  private readonly timers = new Set<Timer>()
  private readonly wallOffsetMs: number

  constructor(startMs = 0, wallAtStartMs = 1_700_000_000_000) {
    this.now = startMs
    this.wallOffsetMs = wallAtStartMs - startMs
  }

  nowMs(): number {
    return this.now
  }

  wallMs(): number {
    return this.now + this.wallOffsetMs
  }

  setTimer(atMs: number, fire: () => void): Disposable {
    this.order += 1
    const timer: Timer = { atMs, order: this.order, fire }
    this.timers.add(timer)
    return { [Symbol.dispose]: () => void this.timers.delete(timer) }
  }

  get pendingTimers(): number {
    return this.timers.size
  }

  /** Moves to `now + ms`, firing what falls due; promises settle between timers. */
  async advance(ms: number): Promise<void> {
    const targetMs = this.now + ms
    await settle()
    for (let due = this.next(targetMs); due; due = this.next(targetMs)) {
      this.timers.delete(due)
      this.now = Math.max(this.now, due.atMs)
      due.fire()
      await settle()
    }
    this.now = targetMs
  }

  private next(limitMs: number): Timer | undefined {
    let best: Timer | undefined
    for (const timer of this.timers) {
      if (timer.atMs > limitMs) continue
      if (!best || timer.atMs < best.atMs || (timer.atMs === best.atMs && timer.order < best.order)) best = timer
    }
    return best
  }
}

/** Lets every promise that can settle without time passing do so. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 3; round += 1) await new Promise<void>((resolve) => setImmediate(resolve))
}
