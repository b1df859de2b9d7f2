import type { Clock } from '@parley/core'

/**
 * The production clock. `nowMs` counts from the machine's boot, so instants of different threads and processes of one
 * machine can be compared.
 */
export const systemClock: Clock = {
  nowMs: () => Number(process.hrtime.bigint()) / 1e6,
  wallMs: () => Date.now(),
  setTimer(atMs, fire) {
    const remainingMs = () => Math.max(0, Math.ceil(atMs - systemClock.nowMs()))
    // Node's timers run on another, coarser clock: up to 1 ms before `nowMs` is there.
    const due = () => {
      if (systemClock.nowMs() >= atMs) fire()
      else timer = setTimeout(due, remainingMs())
    }
    let timer = setTimeout(due, remainingMs())
    return { [Symbol.dispose]: () => clearTimeout(timer) }
  },
}
