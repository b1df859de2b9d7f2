import { randomBytes, randomUUID } from 'node:crypto'
import type { Clock, Random } from '@parley/core'

/** The database has a clock of its own, so what waits for it waits in real time. */
export const realClock: Clock = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  setTimer(atMs, fire) {
    const timer = setTimeout(fire, Math.max(0, Math.ceil(atMs - performance.now())))
    return { [Symbol.dispose]: () => clearTimeout(timer) }
  },
}

export const realRandom: Random = { bytes: (count) => randomBytes(count), uuid: () => randomUUID() }

/** Looks every few ms until `seen` returns something. Rejects after `limitMs`. */
export async function eventually<T>(
  seen: () => Promise<T | undefined | false> | T | undefined | false,
  limitMs = 10_000,
): Promise<T> {
  const deadlineMs = performance.now() + limitMs
  for (;;) {
    const value = await seen()
    if (value !== undefined && value !== false) return value
    if (performance.now() > deadlineMs) throw new Error(`not seen within ${limitMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
