import { expect, test } from 'vitest'
import { speechOnset } from './speech-onset.ts'

const tone = (ms: number, hz: number, levelDb: number) =>
  Array.from({ length: ms * 8 }, (_, i) =>
    Math.round(Math.SQRT2 * 32_768 * 10 ** (levelDb / 20) * Math.sin((2 * Math.PI * hz * i) / 8_000)),
  )
const silence = (ms: number) => new Array<number>(ms * 8).fill(0)
const vowel = tone(200, 600, -15)
const onsetMs = (...pieces: readonly number[][]) => speechOnset(Int16Array.from(pieces.flat())) / 8

test('a soft consonant before the vowel is speech, also before the closure of a stop', () => {
  expect(onsetMs(silence(100), tone(150, 2_500, -42), vowel)).toBe(100)
  expect(onsetMs(silence(100), tone(80, 2_500, -42), silence(60), vowel)).toBe(100)
})

test('rumble under the band of telephones, and what is parted from the words, is not', () => {
  expect(onsetMs(tone(300, 60, -35), vowel)).toBeGreaterThanOrEqual(280)
  expect(onsetMs(tone(80, 2_000, -45), silence(150), vowel)).toBeGreaterThanOrEqual(225)
})

test('what nobody hears is no speech: softer than -50 dBFS, or 35 dB below the loudest', () => {
  expect(onsetMs(tone(200, 2_500, -55), vowel)).toBeGreaterThanOrEqual(195)
  expect(speechOnset(new Int16Array(800))).toBe(0)
})
