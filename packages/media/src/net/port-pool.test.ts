import { VirtualClock } from '@parley/testkit'
import { expect, test } from 'vitest'
import { PortPool } from './port-pool.ts'

test('ports are even, have room for RTCP above, and run out with MEDIA_NO_PORT', () => {
  const pool = new PortPool({ min: 40_001, max: 40_006 }, new VirtualClock())
  expect([pool.take(), pool.take()]).toEqual([40_002, 40_004])
  expect(() => pool.take()).toThrow(expect.objectContaining({ code: 'MEDIA_NO_PORT' }))
})

test('a released port rests for two seconds', async () => {
  const clock = new VirtualClock()
  const pool = new PortPool({ min: 40_000, max: 40_001 }, clock)
  pool.release(pool.take())
  await clock.advance(1999)
  expect(() => pool.take()).toThrow()
  await clock.advance(1)
  expect(pool.take()).toBe(40_000)
})

test('disposing cancels what rests', () => {
  const clock = new VirtualClock()
  const pool = new PortPool({ min: 40_000, max: 40_003 }, clock)
  pool.release(pool.take())
  pool[Symbol.dispose]()
  expect(clock.pendingTimers).toBe(0)
})
