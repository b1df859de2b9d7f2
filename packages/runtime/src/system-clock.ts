import type { Clock } from '@parley/core'

/**
 * The production clock. `nowMs` counts from the machine's boot, so instants of different threads and processes of one
 * machine can be compared.
 */
export const systemClock: Clock = {
  nowMs: () => Number(process.hrtime.bigint()) / 1e6,
  wallMs: () => Date.now(),
  setTimer(atMs, fire) {
    const timer = setTimeout(fire, Math.max(0, Math.ceil(atMs - systemClock.nowMs())))
    return { [Symbol.dispose]: () => clearTimeout(timer) }
  },
}
