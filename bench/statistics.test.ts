import { expect, test } from 'vitest'
import { meanInterval, quantile, summarise, summariseGrowth } from './statistics.ts'

test('quantiles interpolate between order statistics', () => {
  expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5)
  expect(quantile([10, 20, 30], 0.95)).toBeCloseTo(29)
  expect(quantile([7], 0.99)).toBe(7)
})

test('the interval of the median holds it, is narrow for even samples and the same for the same seed', () => {
  const values = Array.from({ length: 200 }, (_, index) => index)
  const summary = summarise(values)
  const [low, high] = summary?.ci.p50 ?? [0, 0]
  expect(summary?.p50).toBe(99.5)
  expect(low).toBeLessThan(99.5)
  expect(high).toBeGreaterThan(99.5)
  expect(high - low).toBeLessThan(50)
  expect(summarise(values)).toEqual(summary)
})

test('nothing has no summary', () => {
  expect(summarise([])).toBeUndefined()
})

test('growth is the difference of quantiles, with an interval around it', () => {
  const baseline = Array.from({ length: 100 }, (_, index) => 500 + index / 10)
  const growth = summariseGrowth(
    baseline.map((value) => value + 20),
    baseline,
  )
  expect(growth?.p50).toBeCloseTo(20)
  const [low, high] = growth?.ci.p50 ?? [0, 0]
  expect(low).toBeGreaterThan(17)
  expect(low).toBeLessThan(20)
  expect(high).toBeGreaterThan(20)
  expect(summariseGrowth([], baseline)).toBeUndefined()
})

test('the interval of a mean holds it, is narrow where values are alike, and has nothing to say of nothing', () => {
  const [low, high] = meanInterval([90, 100, 110])
  expect(low).toBeGreaterThanOrEqual(90)
  expect(low).toBeLessThan(100)
  expect(high).toBeGreaterThan(100)
  expect(meanInterval([5, 5, 5])).toEqual([5, 5])
  expect(meanInterval([])).toEqual([Number.NaN, Number.NaN])
})
