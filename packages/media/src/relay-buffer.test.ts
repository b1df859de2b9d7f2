import { expect, test } from 'vitest'
import { RelayBuffer } from './relay-buffer.ts'

const to = new Int16Array(160)
const frame = (value: number) => new Int16Array(160).fill(value)

/** The value of the next frame; undefined: silence. */
const next = (buffer: RelayBuffer) => (buffer.read(to) ? to[80] : undefined)

test('frames come out in order, from the second one on', () => {
  const buffer = new RelayBuffer()
  buffer.push(frame(1))
  expect(next(buffer)).toBeUndefined()
  buffer.push(frame(2))
  expect([next(buffer), next(buffer), next(buffer)]).toEqual([1, 2, undefined])
})

test('after it ran dry two frames are waited for again', () => {
  const buffer = new RelayBuffer()
  buffer.push(frame(1))
  buffer.push(frame(2))
  for (let i = 0; i < 3; i += 1) next(buffer)
  buffer.push(frame(3))
  expect(next(buffer)).toBeUndefined()
  buffer.push(frame(4))
  expect(next(buffer)).toBe(3)
})

test('a burst pushes the oldest out, so that delay is bounded', () => {
  const buffer = new RelayBuffer()
  for (let i = 1; i <= 50; i += 1) buffer.push(frame(i))
  expect(next(buffer)).toBe(43)
})

test('frames that pile up slowly are left out one by one', () => {
  const buffer = new RelayBuffer()
  for (let i = 0; i < 6; i += 1) buffer.push(frame(0))
  let pushed = 0
  let behind = 0
  for (let i = 0; i < 1000; i += 1) {
    pushed += 1
    buffer.push(frame(pushed))
    behind = pushed - (next(buffer) ?? 0)
  }
  expect(behind).toBe(1)
})

test('a jitter of one frame is not heard', () => {
  const buffer = new RelayBuffer()
  let silent = 0
  for (let i = 0; i < 400; i += 2) {
    buffer.push(frame(i))
    if (i > 0) buffer.push(frame(i + 1))
    if (next(buffer) === undefined) silent += 1
    if (next(buffer) === undefined) silent += 1
  }
  expect(silent).toBeLessThanOrEqual(3)
})

test.each([80, 240, 480])('packets of %i samples carry the same audio without a gap', (length) => {
  const buffer = new RelayBuffer()
  const packet = new Int16Array(length)
  const heard: number[] = []
  for (let i = 0; i < 300; i += 1) {
    buffer.push(Int16Array.from({ length: 160 }, (_, k) => (i * 160 + k) % 30_000))
    for (let k = 0; k < 2; k += 1) {
      const isDue = heard.length + Math.max(320, length + 160) <= (i + 1) * 160
      if (isDue && buffer.read(packet)) heard.push(...packet)
    }
  }
  expect(heard.length).toBeGreaterThan(290 * 160)
  const first = heard[0] as number
  expect(heard.every((sample, k) => sample === (first + k) % 30_000)).toBe(true)
})
