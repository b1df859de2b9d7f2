import { type NumberWords, readingAt } from './numbers.ts'
import { matchAt } from './phrases.ts'

/**
 * Letters and digits spelled out one by one. "B as in boy" is one, "double l" two, whole words are none. A lone vowel
 * before a word is that word's article or subject, no letter.
 */
export function letterCount(tokens: readonly string[], words: NumberWords): number {
  let total = 0
  let times = 1
  for (let index = 0; index < tokens.length; ) {
    const named = letterLength(tokens, index, words)
    const reading = readingAt(tokens, index, words, total > 0)
    if (named > 0) {
      total += times
      index += named + explanationLength(tokens, index + named, words)
    } else {
      total += reading.digits
      index += reading.length
    }
    times = named > 0 ? 1 : reading.times
  }
  return total
}

function letterLength(tokens: readonly string[], from: number, words: NumberWords): number {
  const named = matchAt(tokens, words.letters, from)
  const token = tokens[from] ?? ''
  if (named > 0 || !/^\p{Script=Latin}$/u.test(token)) return named
  return /[aeiouyàéèê]/u.test(token) && isWord(tokens, from + 1, words) ? 0 : 1
}

/** A word that neither spells nor explains a letter. */
function isWord(tokens: readonly string[], from: number, words: NumberWords): boolean {
  const token = tokens[from] ?? ''
  if (!/\p{L}{2,}/u.test(token)) return false
  if (matchAt(tokens, words.letters, from) > 0 || matchAt(tokens, words.asIn, from) > 0) return false
  const { digits, times } = readingAt(tokens, from, words, true)
  return digits === 0 && times === 1
}

/** "as in boy" after a letter. */
function explanationLength(tokens: readonly string[], from: number, words: NumberWords): number {
  const length = matchAt(tokens, words.asIn, from)
  return length > 0 ? length + 1 : 0
}
