import { randomBytes, randomUUID } from 'node:crypto'
import type { Clock, Random } from '@parley/core'

/** The time of this machine, `rate` times as fast. */
export const clockAtRate = (rate: number): Clock => {
  const nowMs = () => performance.now() * rate
  return {
    nowMs,
    wallMs: () => Date.now(),
    setTimer(atMs: number, fire: () => void): Disposable {
      const timer = setTimeout(fire, Math.max(0, Math.ceil((atMs - nowMs()) / rate)))
      return { [Symbol.dispose]: () => clearTimeout(timer) }
    },
  }
}

export const realClock: Clock = clockAtRate(1)

export const realRandom: Random = { bytes: (count: number) => randomBytes(count), uuid: () => randomUUID() }
