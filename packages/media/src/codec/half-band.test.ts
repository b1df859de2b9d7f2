import { expect, test } from 'vitest'
import { powerDbAt, sine } from '../../test/codec-quality.ts'
import { Downsampler, Upsampler } from './half-band.ts'

const amplitude = 10_000
const levelDb = 20 * Math.log10(amplitude)

function up(samples: Int16Array): Int16Array {
  const upsampler = new Upsampler()
  const out = new Int16Array(samples.length * 2)
  for (let at = 0; at < samples.length; at += 160)
    upsampler.run(samples.subarray(at), Math.min(160, samples.length - at), out.subarray(2 * at))
  return out
}

function down(samples: Int16Array): Int16Array {
  const downsampler = new Downsampler()
  const out = new Int16Array(samples.length / 2)
  for (let at = 0; at < out.length; at += 160)
    downsampler.run(samples.subarray(2 * at), Math.min(160, out.length - at), out.subarray(at))
  return out
}

test.each([50, 300, 1000, 2000, 3000, 3400])(
  '%i Hz keep their level up and down, and their image is 58 dB weaker',
  (hz) => {
    const wide = up(sine(hz, 4000, amplitude)).subarray(400)
    expect(powerDbAt(wide, hz, 16_000)).toBeCloseTo(levelDb, 0.7)
    expect(powerDbAt(wide, 8000 - hz, 16_000)).toBeLessThan(levelDb - 58)
    const narrow = down(sine(hz, 8000, amplitude, 16_000)).subarray(400)
    expect(Math.abs(powerDbAt(narrow, hz, 8000) - levelDb)).toBeLessThan(0.1)
  },
)

test.each([4600, 5000, 6000, 7900])('%i Hz do not fold into the band', (hz) => {
  const narrow = down(sine(hz, 8000, amplitude, 16_000)).subarray(400)
  expect(powerDbAt(narrow, 8000 - hz, 8000)).toBeLessThan(levelDb - 58)
})

test('the loudest square wave saturates and does not wrap', () => {
  const square = Int16Array.from({ length: 4000 }, (_, i) => (i % 20 < 10 ? 32_767 : -32_768))
  const wide = up(square)
  for (let i = 100; i < 4000; i += 1) {
    const near = square[i - 12 + 1] as number
    const isInside = [-2, -1, 0, 1, 2].every((k) => square[i - 11 + k] === near)
    if (isInside) expect(Math.sign(wide[2 * i] as number)).toBe(Math.sign(square[i - 12] as number))
  }
})
