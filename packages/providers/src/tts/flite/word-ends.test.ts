import { expect, test } from 'vitest'
import { parseSegments } from './spoken-segments.ts'
import { wordEnds } from './word-ends.ts'

/** As Flite's voice `rms` spoke them. */
const greeting =
  'pau:0.119 hh:0.212 ax:0.261 l:0.396 ow:0.596 pau:0.682 th:0.835 ae:0.963 ng:1.035 k:1.109 s:1.214 f:1.332 ao:1.373 r:1.457 k:1.585 ao:1.748 l:1.880 ih:1.922 ng:2.014 pau:2.179 \n'
const doctor =
  'pau:0.1 d:0.2 aa:0.3 k:0.4 t:0.5 er:0.6 s:0.7 m:0.8 ih:0.9 th:1.0 ae:1.1 t:1.2 f:1.3 ay:1.4 v:1.5 p:1.6 iy:1.7 eh:1.8 m:1.9 pau:2.0'

test('each word ends with its last phone, also before a pause and where two words run together', () => {
  expect(wordEnds('Hello, thanks for calling.', parseSegments(greeting))).toEqual([0.596, 1.214, 1.457, 2.014])
})

test('words that are not spoken as they are written have their sounds', () => {
  expect(wordEnds('Doctor Smith at 5pm', parseSegments(doctor))).toEqual([0.6, 1, 1.2, 1.9])
})

test('what has no sound ends with the word before it', () => {
  expect(wordEnds('— Hello , thanks — for calling.', parseSegments(greeting))).toEqual([
    0, 0.596, 0.596, 1.214, 1.214, 1.457, 2.014,
  ])
})

test.each([
  ['nothing was printed', 'Hello.', ''],
  ['something else was printed', 'Hello.', 'pau:0.1 hh ax'],
  ['ends go back', 'Hello.', 'pau:0.5 hh:0.2'],
  ['nothing was written', ' ', greeting],
  ['nothing is speakable', '... —', greeting],
])('no ends when %s', (_name, text, printed) => {
  expect(wordEnds(text, parseSegments(printed))).toEqual([])
})

test('ends never go back, whatever was spoken', () => {
  for (const text of ['calling for thanks hello', 'x', 'a b c d e f g h i j', 'thanks '.repeat(20)]) {
    const ends = wordEnds(text, parseSegments(greeting))
    expect(ends).toEqual(ends.toSorted((a, b) => a - b))
    expect(ends).toHaveLength(text.trim().split(' ').length)
  }
})
