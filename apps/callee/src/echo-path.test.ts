import { expect, test } from 'vitest'
import { EchoPath } from './echo-path.ts'
import { levelDb } from './level.ts'

const packetNs = 20e6
const tone = (amplitude: number, from = 0) =>
  Int16Array.from({ length: 160 }, (_, i) => Math.round(amplitude * Math.sin((2 * Math.PI * 500 * (from + i)) / 8000)))
const silence = new Int16Array(160)

/** What comes back in each packet while the peer sounds in the first `loud` of them. */
function comesBack(echo: EchoPath, loud: number, packets: number): number[] {
  return Array.from({ length: packets }, (_, index) => {
    const atNs = 1e12 + index * packetNs
    if (index < loud) echo.hear(tone(8000, index * 160), atNs)
    return levelDb(echo.mix(silence, atNs))
  })
}

test('sound comes back after the delay, weaker by the return loss, and no longer than it lasted', () => {
  const levels = comesBack(new EchoPath({ delayMs: 100, erlDb: 12, tailMs: 0 }), 10, 30)
  const first = levels.findIndex((level) => level > -60)
  expect(first).toBe(5)
  expect(levels[8]).toBeCloseTo(levelDb(tone(8000)) - 12, 0)
  expect(levels.filter((level) => level > -60)).toHaveLength(10)
})

test('a tail goes on after it, and everything is silent at last', () => {
  const levels = comesBack(new EchoPath({ delayMs: 20, erlDb: 6, tailMs: 60 }), 10, 200)
  expect(levels.filter((level) => level > -60).length).toBeGreaterThan(11)
  expect(levels.slice(20).every((level) => level < -60)).toBe(true)
})

test('it is added to what the phone says itself', () => {
  const echo = new EchoPath({ delayMs: 0, erlDb: 0, tailMs: 0 })
  echo.hear(tone(4000), 1e12)
  expect(levelDb(echo.mix(tone(4000), 1e12))).toBeCloseTo(levelDb(tone(8000)), 0)
})
