import { expect, test } from 'vitest'
import { createDownsampler } from './downsampler.ts'

const tone = (hz: number, rateHz: number, count: number) =>
  Int16Array.from({ length: count }, (_, index) => Math.round(10_000 * Math.sin((2 * Math.PI * hz * index) / rateHz)))

const rms = (samples: Int16Array) => Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length)

test.each([16_000, 24_000, 48_000])('a 1 kHz tone at %i Hz keeps its level at 8 kHz', (rateHz) => {
  const output = createDownsampler(rateHz).push(tone(1_000, rateHz, rateHz))
  expect(Math.abs(output.length - 8_000)).toBeLessThanOrEqual(1)
  expect(rms(output.subarray(100))).toBeCloseTo(10_000 / Math.SQRT2, -2)
})

test.each([16_000, 24_000])('what lies above 4 kHz at %i Hz does not fold into the band', (rateHz) => {
  const output = createDownsampler(rateHz).push(tone(5_200, rateHz, rateHz))
  expect(rms(output.subarray(100))).toBeLessThan(15)
})

test('the result does not depend on how the input is cut', () => {
  const input = tone(700, 24_000, 4_801)
  const whole = createDownsampler(24_000).push(input)
  const cut = createDownsampler(24_000)
  const parts: number[] = []
  for (let at = 0; at < input.length; at += 37) parts.push(...cut.push(input.slice(at, at + 37)))
  expect(Int16Array.from(parts)).toEqual(whole)
})

test('a rate that is no multiple of 8 kHz is refused by name', () => {
  expect(() => createDownsampler(22_050)).toThrowError(expect.objectContaining({ code: 'CONFIG_INVALID' }))
})
