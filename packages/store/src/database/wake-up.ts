import type { Clock } from '@parley/core'

/** Lets loops sleep until something may have changed. A wake between looking and sleeping is not lost. */
export class WakeUp {
  private version = 0
  private readonly sleepers = new Set<() => void>()

  /** Take before looking; give to `sleep` after finding nothing. */
  get ticket(): number {
    return this.version
  }

  wake(): void {
    this.version += 1
    for (const rouse of [...this.sleepers]) rouse()
  }

  /** Resolves at the first wake since `ticket`, at `untilMs` of the clock, or on abort; never rejects. */
  sleep(ticket: number, clock: Clock, untilMs: number, signal?: AbortSignal): Promise<void> {
    if (ticket !== this.version || signal?.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const rouse = () => {
        timer[Symbol.dispose]()
        this.sleepers.delete(rouse)
        signal?.removeEventListener('abort', rouse)
        resolve()
      }
      const timer = clock.setTimer(untilMs, rouse)
      this.sleepers.add(rouse)
      signal?.addEventListener('abort', rouse, { once: true })
    })
  }
}
