import { SeededRandom } from '@parley/testkit'
import { expect, test } from 'vitest'
import { dialBefore, leastLateMs, mostLateMs, nextLateMs } from './slot-length.ts'

/** The allowance of an engine, and how many of its calls are dialled, when each takes as long as named. */
function run(tookMs: readonly number[]): { readonly lateMs: number; readonly dialled: number } {
  let lateMs = leastLateMs
  let dialled = 0
  for (const each of tookMs) {
    if (each <= dialBefore(0, lateMs)) dialled += 1
    lateMs = nextLateMs(lateMs, { lateMs, tookMs: each })
  }
  return { lateMs, dialled }
}

const times = (count: number, tookMs: number) => Array.from({ length: count }, () => tookMs)

test('an engine that is in time keeps the shortest slots', () => {
  expect(run(times(10, 30))).toEqual({ lateMs: leastLateMs, dialled: 10 })
})

test('an engine that is always slow soon has slots that are long enough, and dials', () => {
  expect(run(times(10, 150))).toEqual({ lateMs: 200, dialled: 9 })
  expect(run(times(10, 700))).toEqual({ lateMs: 800, dialled: 7 })
})

test('after a standstill slots become short again', () => {
  expect(run([400, 900, ...times(10, 20)]).lateMs).toBe(leastLateMs)
})

test('no slot is longer than the longest, and an engine that is slower than that dials nothing', () => {
  expect(run(times(20, 3_000))).toEqual({ lateMs: mostLateMs, dialled: 0 })
})

test('many calls that are late together count as one', () => {
  const late = { lateMs: 100, tookMs: 500 }
  expect(nextLateMs(nextLateMs(100, late), late)).toBe(200)
})

test('however late calls are within their slots, no second has more of them than the pace allows', () => {
  // As the database keeps the pace: a slot begins when the one before is over, which is 1.1 / cps plus what it allows beyond 100 ms.
  const cps = 12
  const random = new SeededRandom(1)
  const dials: number[] = []
  let slotMs = 0
  for (let call = 0; call < 20_000; call += 1) {
    const lateMs = random.next() < 0.1 ? leastLateMs + random.next() * (mostLateMs - leastLateMs) : leastLateMs
    // At either end of the slot, where limits break.
    dials.push(slotMs + (random.next() < 0.5 ? 0 : lateMs))
    slotMs += 1_100 / cps + lateMs - leastLateMs
  }
  dials.sort((a, b) => a - b)
  const spansMs = dials.slice(cps).map((at, index) => at - (dials[index] ?? 0))
  expect(Math.min(...spansMs)).toBeGreaterThan(1_000 - 1e-6)
})
