import { expect, test } from 'vitest'
import { levelDb } from './level.ts'
import { makeNoise, noiseKinds } from './noise-sounds.ts'
import { SeededRandom } from './seeded-random.ts'

const loudest = (samples: Int16Array) =>
  Math.max(
    ...Array.from({ length: Math.floor(samples.length / 400) }, (_, i) => levelDb(samples, i * 400, (i + 1) * 400)),
  )

test.each(noiseKinds)('%s is as long and as loud as asked, and the same again for the same seed', (kind) => {
  const noise = makeNoise(kind, 600, -25, new SeededRandom(7))
  expect(noise).toHaveLength(4800)
  expect(loudest(noise)).toBeGreaterThan(-29)
  expect(loudest(noise)).toBeLessThan(-23)
  expect(makeNoise(kind, 600, -25, new SeededRandom(7))).toEqual(noise)
})
