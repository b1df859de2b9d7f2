import { SeededRandom } from '@parley/testkit'
import { expect, test } from 'vitest'
import { Periodicity } from './periodicity.ts'

const ringOf = (of: (i: number) => number) => Int16Array.from({ length: 1024 }, (_, i) => of(i))
const periodicity = new Periodicity()

test('a pulse train at the pitch of a voice is periodic, noise is not', () => {
  for (const period of [20, 40, 57, 100]) {
    expect(
      periodicity.of(
        ringOf((i) => (i % period < 4 ? 8000 : -500)),
        300,
      ),
      `${period}`,
    ).toBeGreaterThan(0.85)
  }
  const random = new SeededRandom(2)
  expect(
    periodicity.of(
      ringOf(() => random.between(-8000, 8000)),
      300,
    ),
  ).toBeLessThan(0.55)
  expect(periodicity.of(new Int16Array(1024), 300)).toBeLessThan(0.01)
})

test('a window that wraps around the end of the ring is the same window', () => {
  const sound = (i: number) => ((i * 7919) % 51) * (i % 53 < 20 ? 100 : 3)
  const straight = periodicity.of(
    ringOf((i) => sound(i)),
    300,
  )
  const wrapped = periodicity.of(
    ringOf((i) => sound((i + 300 - 900 + 1024) % 1024)),
    900,
  )
  expect(wrapped).toBeCloseTo(straight, 6)
})
