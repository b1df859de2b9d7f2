import type { Clock } from '@parley/core'
import { TimerSet } from '../transaction/timer-set.ts'

/** How long a shutdown waits for the answers to its BYEs, CANCELs and REGISTERs. */
const farewellMs = 1_800
const stepMs = 20

/** Resolves as soon as everybody has answered, 1.8 s later at the latest. */
export function farewell(clock: Clock, isQuiet: () => boolean): Promise<void> {
  const untilMs = clock.nowMs() + farewellMs
  const timers = new TimerSet<'look'>(clock)
  return new Promise((resolve) => {
    const look = () => {
      if (isQuiet() || clock.nowMs() >= untilMs) return resolve()
      timers.set('look', stepMs, look)
    }
    look()
  })
}
