import { expect, test } from 'vitest'
import { type Budget, judge, overall } from './gates.ts'
import { summarise } from './statistics.ts'

const budget = (over: Partial<Budget> = {}): Budget => ({
  name: 'E p50',
  metric: 'E',
  quantile: 'p50',
  limit: 10,
  goal: 5,
  ...over,
})
const quiet = { cleanTurns: 40, turns: 50, usefulShare: 0.9 }
const around = (centre: number) => summarise(Array.from({ length: 50 }, (_, index) => centre - 5 + index / 5))

test('a gate fails only when its whole interval is beyond the limit', () => {
  expect(judge(budget(), around(9), quiet).verdict).toBe('pass')
  expect(judge(budget(), around(10.5), quiet).verdict).toBe('pass')
  expect(judge(budget(), around(20), quiet).verdict).toBe('fail')
})

test('on a noisy machine tails are open and medians need thirty clean turns', () => {
  const noisy = { cleanTurns: 30, turns: 100, usefulShare: 0.9 }
  expect(judge(budget({ quantile: 'p95' }), around(20), noisy).verdict).toBe('inconclusive')
  expect(judge(budget(), around(20), noisy).verdict).toBe('fail')
  expect(judge(budget(), around(20), { ...noisy, cleanTurns: 29 }).verdict).toBe('inconclusive')
})

test('counts are judged whatever the machine does', () => {
  const noisy = { cleanTurns: 0, turns: 100, usefulShare: 0.1 }
  expect(judge(budget({ quantile: 'count', limit: 0 }), 1, noisy).verdict).toBe('fail')
})

test('a count that a busy machine drives up is not held against it', () => {
  const noisy = { cleanTurns: 0, turns: 100, usefulShare: 0.1 }
  const kept = budget({ quantile: 'count', limit: 0, needsQuiet: true })
  expect(judge(kept, 1, noisy).verdict).toBe('inconclusive')
  expect(judge(kept, 0, noisy).verdict).toBe('pass')
  expect(judge(kept, 1, quiet).verdict).toBe('fail')
})

test('one failure outweighs what is open', () => {
  const gate = (verdict: 'pass' | 'fail' | 'inconclusive') => ({ verdict })
  expect(overall([gate('pass'), gate('inconclusive'), gate('fail')])).toBe('fail')
  expect(overall([gate('pass'), gate('inconclusive')])).toBe('inconclusive')
  expect(overall([gate('pass')])).toBe('pass')
})
