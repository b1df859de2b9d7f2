import { SeededRandom } from '@parley/testkit'
import { expect, test } from 'vitest'
import { estimateIndex } from './packet-index.ts'
import { ReplayWindow } from './replay-window.ts'

test.each([
  [0, -1, 0],
  [65_535, -1, 65_535],
  [5, 65_534, 65_541],
  [65_534, 65_541, 65_534],
  [32_768, 0, 32_768],
  [10, 65_536 * 3 + 40_000, 65_536 * 4 + 10],
  [7233, 65_536 * 3 + 40_000, 65_536 * 4 + 7233 - 65_536],
  [60_000, 65_536 * 3 + 100, 65_536 * 2 + 60_000],
])('sequence %i after index %i is index %i', (sequence, highest, index) => {
  expect(estimateIndex(sequence, highest)).toBe(index)
})

test('a sequence number from before the first packet has a negative index', () => {
  expect(estimateIndex(65_000, 10)).toBeLessThan(0)
})

test('the nearest index is found for any packet within 32,767 of the highest', () => {
  const random = new SeededRandom(5)
  for (let round = 0; round < 5000; round += 1) {
    const highest = random.between(40_000, 2 ** 40)
    const index = highest + random.between(-32_767, 32_767)
    expect(estimateIndex(index % 65_536, highest)).toBe(index)
  }
})

test('an index is taken once, in any order, and never when it is 128 behind', () => {
  const window = new ReplayWindow()
  for (const index of [1000, 1003, 1001, 1128]) {
    expect(window.isFresh(index)).toBe(true)
    window.take(index)
    expect(window.isFresh(index)).toBe(false)
  }
  expect(window.isFresh(1000)).toBe(false)
  expect(window.isFresh(1001)).toBe(false)
  expect(window.isFresh(1002)).toBe(true)
  window.take(5000)
  expect(window.isFresh(4999)).toBe(true)
  expect(window.isFresh(4872)).toBe(false)
})

test('the window agrees with a set over a storm of repeated and reordered indices', () => {
  const random = new SeededRandom(11)
  const window = new ReplayWindow()
  const taken = new Set<number>()
  let highest = 0
  for (let round = 0; round < 20_000; round += 1) {
    const index = Math.max(0, highest + random.between(-140, 20))
    const isFresh = !taken.has(index) && index > highest - 128
    if (round > 0) expect(window.isFresh(index), `round ${round}`).toBe(isFresh)
    if (!window.isFresh(index)) continue
    window.take(index)
    taken.add(index)
    highest = Math.max(highest, index)
  }
})
