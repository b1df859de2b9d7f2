import type { Clock } from '@parley/core'

/** Wakes one sleeper. Rung while nobody sleeps, it ends the next sleep at once. */
export class Bell {
  private rung = false
  private rouse: () => void = () => {}

  ring(): void {
    this.rung = true
    this.rouse()
  }

  /** Resolves when it rings, at `untilMs` of the clock, or on abort. Never rejects. */
  async sleep(clock: Clock, untilMs: number, signal: AbortSignal): Promise<void> {
    if (!this.rung && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const wake = () => {
          timer[Symbol.dispose]()
          signal.removeEventListener('abort', wake)
          resolve()
        }
        const timer = clock.setTimer(untilMs, wake)
        signal.addEventListener('abort', wake)
        this.rouse = wake
      })
    }
    this.rouse = () => {}
    this.rung = false
  }
}
