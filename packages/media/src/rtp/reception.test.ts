import { expect, test } from 'vitest'
import { Reception } from './reception.ts'

function feed(reception: Reception, sequences: readonly number[]): number[] {
  return sequences.map((sequence) => reception.receive(sequence & 0xffff))
}

test('sequence numbers are extended across the wrap, also for a packet that comes late', () => {
  const reception = new Reception()
  const extended = feed(reception, [65_534, 65_535, 1, 0, 2])
  expect(extended.map((value) => value - (extended[0] as number))).toEqual([0, 1, 3, 2, 4])
  expect(reception.lost).toBe(0)
})

test('missing packets count as lost', () => {
  const reception = new Reception()
  feed(reception, [10, 11, 14, 15])
  expect(reception.lost).toBe(2)
  expect(reception.takeFractionLost()).toBe(Math.floor((2 / 6) * 256))
  expect(reception.takeFractionLost()).toBe(0)
})

test('one stray packet far away is dropped; two in a row restart the source', () => {
  const reception = new Reception()
  feed(reception, [100, 101])
  expect(reception.receive(40_000)).toBe(-1)
  expect(reception.receive(102)).toBeGreaterThan(0)
  expect(reception.receive(50_000)).toBe(-1)
  const restarted = reception.receive(50_001)
  expect(reception.restarted).toBe(true)
  expect(restarted & 0xffff).toBe(50_001)
  expect(reception.receive(50_002)).toBe(restarted + 1)
  expect(reception.restarted).toBe(false)
})

test('jitter follows RFC 3550: a constant way gives none, alternating delay converges', () => {
  const steady = new Reception()
  const shaky = new Reception()
  for (let i = 0; i < 400; i += 1) {
    steady.observeJitter(1000 + i * 20, i * 160, 8)
    shaky.observeJitter(1000 + i * 20 + (i % 2) * 10, i * 160, 8)
  }
  expect(steady.jitterMs).toBe(0)
  expect(shaky.jitterMs).toBeCloseTo(10, 1)
})
