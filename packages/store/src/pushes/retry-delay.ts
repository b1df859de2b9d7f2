import type { PushRoute, Random } from '@parley/core'

/** Waits are stretched by up to this share, so that receivers that come back are not hit by everything at once. Taste. */
const jitter = 0.2

/** Wait after the failed try `tryNumber` (from 1); undefined after the last one. */
export function retryDelayMs(
  { retryDelaysMs }: Pick<PushRoute, 'retryDelaysMs'>,
  tryNumber: number,
  random: Random,
): number | undefined {
  const delayMs = retryDelaysMs[tryNumber - 1]
  if (delayMs === undefined) return undefined
  const [byte = 0] = random.bytes(1)
  return delayMs * (1 + (jitter * byte) / 255)
}
