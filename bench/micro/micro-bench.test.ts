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

test('twice the work gives twice the ratio', async () => {
  const work = (times: number) => () => {
    let sum = 0
    for (let i = 0; i < 20_000 * times; i += 1) sum = (sum + i * 7) | 0
    if (sum === 1) throw new Error('never')
  }
  const least = (ratios: readonly number[]) => Math.min(...ratios)
  const once = await measureMicro({ name: 'once', unit: 'run', ops: 1, run: work(1) })
  const twice = await measureMicro({ name: 'twice', unit: 'run', ops: 1, run: work(2) })
  expect(least(twice.ratios) / least(once.ratios)).toBeGreaterThan(1.6)
  expect(least(twice.ratios) / least(once.ratios)).toBeLessThan(2.5)
})
