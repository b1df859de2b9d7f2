import { SeededRandom } from '@parley/testkit'
import { expect, test } from 'vitest'
import { dialBefore, type EnginePace, firstPace, leastLateMs, mostLateMs, nextPace } from './engine-pace.ts'

/** The pace of an engine, and how many of its calls are dialled, when each takes as long as named. */
function run(tookMs: readonly number[]): { readonly pace: EnginePace; readonly dialled: number } {
  let pace = firstPace
  let dialled = 0
  for (const each of tookMs) {
    if (each <= dialBefore(0, pace.lateMs)) dialled += 1
    pace = nextPace(pace, pace, each)
  }
  return { pace, dialled }
}

const times = (count: number, tookMs: number) => Array.from({ length: count }, () => tookMs)

test('an engine that is in time has more and more calls at once, and keeps the shortest slots', () => {
  expect(run(times(10, 30))).toEqual({ pace: { atOnce: 14, lateMs: leastLateMs }, dialled: 10 })
  expect(run(times(100, 30)).pace.atOnce).toBe(32)
})

test('an engine that has too much to do at once takes half, and no longer slots', () => {
  expect(run([...times(12, 30), 300]).pace).toEqual({ atOnce: 8, lateMs: leastLateMs })
})

test('an engine that is slow with a single call soon has slots that are long enough, and dials', () => {
  expect(run(times(12, 150))).toMatchObject({ pace: { lateMs: 200 }, dialled: 9 })
  expect(run(times(12, 700))).toMatchObject({ pace: { lateMs: 800 }, dialled: 7 })
})

test('after a standstill slots become short again', () => {
  expect(run([...times(5, 900), ...times(10, 20)]).pace.lateMs).toBe(leastLateMs)
})

test('no slot is longer than the longest, and an engine that is slower than that dials nothing', () => {
  expect(run(times(20, 3_000))).toEqual({ pace: { atOnce: 1, lateMs: mostLateMs }, dialled: 0 })
})

test('many calls that are late together count as one', () => {
  const many: EnginePace = { atOnce: 8, lateMs: 100 }
  expect(nextPace(nextPace(many, many, 500), many, 500)).toEqual({ atOnce: 4, lateMs: 100 })
  const alone: EnginePace = { atOnce: 1, lateMs: 100 }
  expect(nextPace(nextPace(alone, alone, 500), alone, 500)).toEqual({ atOnce: 1, lateMs: 200 })
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
