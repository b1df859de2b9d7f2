import { expect, test } from 'vitest'
import { mediaBenches } from './media-benches.ts'
import { measureMicro } from './micro-bench.ts'
import { turnBenches } from './turn-benches.ts'

test('every piece does what it measures, each under a name of its own', async () => {
  using ofTurns = turnBenches()
  const benches = [...(await mediaBenches()), ...ofTurns.benches]
  for (const bench of benches) await bench.run()
  expect(new Set(benches.map(({ name }) => name)).size).toBe(benches.length)
})

test('a ratio is that of one op, whatever a run does of them', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  resolve()
  let sum = 0
  const run = () => {
    for (let i = 0; i < 20_000; i += 1) sum = (sum + i * 7) | 0
    return promise
  }
  const least = (ratios: readonly number[]) => Math.min(...ratios)
  const one = await measureMicro({ name: 'one', unit: 'op', ops: 1, run })
  const four = await measureMicro({ name: 'four', unit: 'op', ops: 4, run })
  expect(least(one.ratios) / least(four.ratios)).toBeGreaterThan(2.5)
  expect(least(one.ratios) / least(four.ratios)).toBeLessThan(6)
})
