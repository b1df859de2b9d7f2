import type { Clock } from '@parley/core'

/** Real time, for tests with real sockets and threads. */
export const realClock: Clock = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  setTimer(atMs, fire) {
    const timer = setTimeout(fire, Math.max(0, atMs - performance.now()))
    return { [Symbol.dispose]: () => clearTimeout(timer) }
  },
}
