import { expect, test } from 'vitest'
import { PlayoutRing } from './playout-ring.ts'
import { RingMemoryPool } from './ring-memory.ts'
import { UplinkRing } from './uplink-ring.ts'

test('a leg gets the memory of one before it, with nothing of it inside', () => {
  const pool = new RingMemoryPool()
  const first = pool.take()
  new UplinkRing(first.uplink).push(new Int16Array(160).fill(7), 0)
  new PlayoutRing(first.playout).setLive(5)
  pool.giveBack(first)
  const second = pool.take()
  expect(second.uplink).toBe(first.uplink)
  expect(new UplinkRing(second.uplink).take()).toBeUndefined()
  expect(new PlayoutRing(second.playout).live).toBe(0)
  expect(pool.take().uplink).not.toBe(first.uplink)
})

test('no more than 64 pairs wait', () => {
  const pool = new RingMemoryPool()
  const lent = Array.from({ length: 70 }, () => pool.take())
  for (const memory of lent) pool.giveBack(memory)
  const again = new Set(Array.from({ length: 70 }, () => pool.take().uplink))
  expect(lent.filter(({ uplink }) => again.has(uplink))).toHaveLength(64)
})
