import { expect, test } from 'vitest'
import type { HeardWord } from '../../watermark.ts'
import { wireSpans } from './wire-spans.ts'

/** A tone of -13 dBFS in each of the stretches, ms; silence between. */
function toneIn(...stretches: readonly (readonly [fromMs: number, toMs: number])[]): Int16Array {
  const samples = new Int16Array(8 * 4_000)
  for (const [fromMs, toMs] of stretches)
    for (let at = 8 * fromMs; at < 8 * toMs; at += 1) samples[at] = 10_000 * Math.sin((2 * Math.PI * 440 * at) / 8_000)
  return samples
}

const wordAt = (response: number, fromMs: number): HeardWord => ({ response, word: 0, fromSample: 8 * fromMs })
const nameOf = ({ response }: HeardWord) => response

test('a sound too short for a word belongs to the word that is nearer, or to none', () => {
  const words = [wordAt(41, 0), wordAt(41, 800), wordAt(44, 2_660)]
  const spans = (blip: readonly [number, number]) =>
    wireSpans(toneIn([0, 980], blip, [2_660, 3_500]), words, nameOf).map(({ utterance, fromMs }) => [utterance, fromMs])
  // The first packet of the new reply, before a stall of the network.
  expect(spans([2_500, 2_530])).toEqual([
    [41, 0],
    [44, 2_500],
    [44, 2_660],
  ])
  // A reply that was given up before its first word.
  const names = wireSpans(toneIn([0, 980], [1_800, 1_890], [2_660, 3_500]), words, nameOf)
  expect(names.map(({ utterance }) => [41, 44].includes(utterance))).toEqual([true, false, true])
  const twice = wireSpans(toneIn([0, 980], [1_800, 1_890], [2_660, 2_840], [3_400, 3_490]), words, nameOf)
  expect(new Set(twice.map(({ utterance }) => utterance)).size).toBe(4)
  // The last one of the old.
  expect(spans([1_080, 1_110])).toEqual([
    [41, 0],
    [41, 1_080],
    [44, 2_660],
  ])
})
