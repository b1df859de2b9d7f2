import { expect, test } from 'vitest'
import { SeededRandom } from './seeded-random.ts'
import { decodeWatermark, encodeWatermark } from './watermark.ts'

/** Speech as it is heard: offset by `lead` samples of noise, attenuated, with noise of telephone level. */
function heard(clean: Int16Array, lead: number, gain: number): Int16Array {
  const random = new SeededRandom(lead)
  const line = new Int16Array(lead + clean.length + 400)
  line.set(clean, lead)
  return line.map((sample) => Math.round((sample * gain) / 16) * 16 + random.below(33) - 16)
}

const words = [1, 2, 3, 4, 5].map((word) => ({ response: 1_234, word }))

test.each([0, 1, 37, 160, 481, 1_003])('words are read back wherever they begin (%i samples)', (lead) => {
  const read = decodeWatermark(heard(encodeWatermark(words), lead, 1))
  expect(read.map(({ response, word }) => ({ response, word }))).toEqual(words)
  expect(Math.abs((read[0]?.fromSample ?? -999) - lead)).toBeLessThanOrEqual(40)
})

test('ducked speech is still readable', () => {
  expect(decodeWatermark(heard(encodeWatermark(words), 100, 0.125)).map(({ word }) => word)).toEqual([1, 2, 3, 4, 5])
})

test('a word cut off by an interruption is not reported', () => {
  const cut = encodeWatermark(words).subarray(0, 3 * 1_440 - 700)
  expect(decodeWatermark(cut).map(({ word }) => word)).toEqual([1, 2])
})

test('every id and index is told from every other', () => {
  const all = Array.from({ length: 64 }, (_, index) => ({ response: index * 65, word: 63 - index }))
  expect(decodeWatermark(encodeWatermark(all)).map(({ response, word }) => ({ response, word }))).toEqual(all)
})

test('noise holds no words', () => {
  const random = new SeededRandom(5)
  expect(decodeWatermark(Int16Array.from({ length: 16_000 }, () => random.below(8_001) - 4_000))).toEqual([])
})
