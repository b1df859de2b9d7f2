import { SeededRandom } from '@parley/testkit'
import { expect, test } from 'vitest'
import { levelDb } from '../vad/level.ts'
import { EchoFilter, filterInputSamples } from './echo-filter.ts'

/** Coloured noise through a short path: what is sent, and what comes back of it. */
function lineOf(samples: number, seed: number) {
  const random = new SeededRandom(seed)
  const sent = new Int16Array(samples)
  let held = 0
  for (let i = 0; i < samples; i += 1) {
    held = 0.7 * held + random.between(-4000, 4000)
    sent[i] = held
  }
  const path = [0.3, 0.1, -0.15, 0, 0.05]
  const echo = sent.map((_, i) => path.reduce((sum, tap, k) => sum + tap * (sent[i - 100 - k * 9] ?? 0), 0))
  return { sent, echo }
}

function run(filter: EchoFilter, sent: Int16Array, heard: Int16Array, isPure: (frame: number) => boolean): number[] {
  const rest = new Int16Array(160)
  const left: number[] = []
  for (let at = 320; at + 160 <= sent.length; at += 160) {
    const frame = heard.subarray(at, at + 160)
    filter.cancel(frame, sent.subarray(at + 160 - filterInputSamples, at + 160), rest, isPure(at / 160))
    left.push(levelDb(rest, 0, 160) - levelDb(frame, 0, 160))
  }
  return left
}

test('it takes twenty decibels out of an echo within a second', () => {
  const { sent, echo } = lineOf(12_000, 1)
  const left = run(new EchoFilter(), sent, echo, () => true)
  expect(Math.max(...left.slice(50))).toBeLessThan(-20)
})

test('what the caller says stays as it is, and what was learned survives it', () => {
  const { sent, echo } = lineOf(24_000, 1)
  const caller = lineOf(24_000, 2).sent
  const isDouble = (frame: number) => frame >= 75 && frame < 100
  const heard = echo.map((sample, i) => sample + (isDouble(Math.floor(i / 160)) ? (caller[i] as number) / 2 : 0))
  const left = run(new EchoFilter(), sent, heard, (frame) => !isDouble(frame))
  expect(Math.min(...left.slice(76, 96))).toBeGreaterThan(-6)
  expect(Math.max(...left.slice(105))).toBeLessThan(-15)
})

test('silence teaches nothing and changes nothing', () => {
  const filter = new EchoFilter()
  const rest = new Int16Array(160)
  const heard = new Int16Array(160).fill(700)
  for (let i = 0; i < 50; i += 1) filter.cancel(heard, new Int16Array(filterInputSamples), rest, true)
  expect([...rest]).toEqual([...heard])
})
