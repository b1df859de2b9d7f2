import { expect, test } from 'vitest'
import { mediaBenches } from './media-benches.ts'
import { turnBenches } from './turn-benches.ts'

test('every piece does what it measures, each under a name of its own', async () => {
  using ofTurns = turnBenches()
  const benches = [...(await mediaBenches()), ...ofTurns.benches]
  for (const bench of benches) await bench.run()
  expect(new Set(benches.map(({ name }) => name)).size).toBe(benches.length)
})
