import { SeededRandom } from '@parley/testkit'
import { expect, test } from 'vitest'
import { orderByPriority } from './order-by-priority.ts'

const target = (name: string, priority: number, weight: number) => ({ name, priority, weight })

test('priorities are kept whatever the weights', () => {
  const targets = [target('c', 30, 0), target('a', 10, 1), target('b', 20, 1_000)]
  const random = new SeededRandom(1)
  for (let round = 0; round < 50; round += 1) {
    expect(orderByPriority(targets, random).map(({ name }) => name)).toEqual(['a', 'b', 'c'])
  }
})

test('within a priority the first place goes by weight', () => {
  const targets = [target('big', 1, 75), target('small', 1, 25), target('never', 1, 0)]
  const random = new SeededRandom(7)
  const first = new Map<string, number>()
  for (let round = 0; round < 4_000; round += 1) {
    const ordered = orderByPriority(targets, random)
    expect(ordered).toHaveLength(3)
    const name = ordered[0]?.name ?? ''
    first.set(name, (first.get(name) ?? 0) + 1)
  }
  expect((first.get('big') ?? 0) / 4_000).toBeCloseTo(0.75, 1)
  expect((first.get('small') ?? 0) / 4_000).toBeCloseTo(0.25, 1)
  expect((first.get('never') ?? 0) / 4_000).toBeLessThan(0.03)
})

test('nothing is lost when all weights are zero', () => {
  const targets = [target('a', 1, 0), target('b', 1, 0)]
  expect(
    orderByPriority(targets, new SeededRandom(1))
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['a', 'b'])
  expect(orderByPriority([], new SeededRandom(1))).toEqual([])
})
