import { expect, test } from 'vitest'
import { Ambience } from './ambience.ts'
import { renderAmbience } from './ambience-loop.ts'
import { sharedAmbienceLoop } from './shared-ambience-loop.ts'

const scenes = ['coffeeShop', 'busyOffice'] as const

function rmsDb(samples: Int16Array): number {
  const power = samples.reduce((sum, sample) => sum + (sample / 32_768) ** 2, 0) / samples.length
  return 10 * Math.log10(power)
}

test.each(scenes)('%s is quiet, never silent and never loud', (scene) => {
  const loop = renderAmbience(scene)
  expect(rmsDb(loop)).toBeCloseTo(-42, 1)
  for (let from = 0; from + 1_600 <= loop.length; from += 1_600) {
    const levelDb = rmsDb(loop.subarray(from, from + 1_600))
    expect(levelDb).toBeGreaterThan(-60)
    expect(levelDb).toBeLessThan(-32)
  }
})

test.each(scenes)('%s goes on at its end as if there was none', (scene) => {
  const loop = renderAmbience(scene)
  const step = (i: number) => Math.abs((loop[i] as number) - (loop.at(i - 1) as number))
  const largest = Math.max(...Array.from({ length: 2_000 }, (_, i) => step(i + 20_000)))
  expect(step(0)).toBeLessThanOrEqual(2 * largest)
})

test('each scene sounds in its own way, and the same each time', () => {
  expect(renderAmbience('coffeeShop')).toEqual(renderAmbience('coffeeShop'))
  expect(renderAmbience('coffeeShop')).not.toEqual(renderAmbience('busyOffice'))
})

test('a scene is rendered once, into memory that every worker reads', () => {
  const loop = sharedAmbienceLoop('busyOffice')
  expect(sharedAmbienceLoop('busyOffice')).toBe(loop)
  expect(loop.buffer).toBeInstanceOf(SharedArrayBuffer)
  expect([...loop]).toEqual([...renderAmbience('busyOffice')])
})

test('it is added to what is said, goes round, and does not wrap over', () => {
  const ambience = new Ambience(Int16Array.of(1, 2, 3), 2)
  const frame = Int16Array.of(100, 100, 100, 32_767, -100)
  ambience.mixInto(frame)
  expect([...frame]).toEqual([102, 104, 106, 32_767, -96])
  const next = new Int16Array(2)
  ambience.mixInto(next)
  expect([...next]).toEqual([6, 2])
})

test('at volume 0 nothing is heard', () => {
  const frame = new Int16Array(160)
  new Ambience(renderAmbience('busyOffice'), 0).mixInto(frame)
  expect(rmsDb(frame)).toBe(Number.NEGATIVE_INFINITY)
})
