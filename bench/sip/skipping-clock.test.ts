import { expect, test } from 'vitest'
import { VirtualClock } from '../../packages/testkit/src/index.ts'
import { SkippingClock } from './skipping-clock.ts'

test('time that is skipped counts for timers, each fires once and none that was disposed', async () => {
  const real = new VirtualClock()
  const clock = new SkippingClock(real)
  const fired: string[] = []
  clock.setTimer(1_000, () => fired.push('first'))
  clock.setTimer(40_000, () => fired.push('last'))
  clock.setTimer(1_000, () => fired.push('disposed'))[Symbol.dispose]()
  clock.skip(32_000)
  expect(clock.nowMs()).toBe(32_000)
  expect(fired).toEqual([])
  await real.advance(1)
  expect(fired).toEqual(['first'])
  await real.advance(7_999)
  expect(fired).toEqual(['first', 'last'])
  expect(real.pendingTimers).toBe(0)
})
