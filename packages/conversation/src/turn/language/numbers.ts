import type { Numbers } from './lexicon/lexicon.ts'
import { keyOf, matchAt, type Phrases, phrasesOf } from './phrases.ts'
import { tokensOf } from './tokens.ts'

/** The numbers of one language, ready to be read off tokens. */
export interface NumberWords {
  readonly values: ReadonlyMap<string, number>
  readonly counting: ReadonlyMap<string, number>
  readonly times: ReadonlyMap<string, number>
  readonly spoken: Phrases
  readonly counted: Phrases
  readonly soft: Phrases
  readonly tens: Phrases
  readonly tenMarks: Phrases
  readonly hundreds: Phrases
  readonly joiners: Phrases
  readonly multiples: Phrases
  readonly letters: Phrases
  readonly asIn: Phrases
  readonly lengthNouns: Phrases
  readonly lastWords: Phrases
  readonly lastNouns: Phrases
  readonly singles: Phrases
  readonly phoneLengths: readonly number[]
}

/** What stands at one place of an utterance. */
export interface Reading {
  /** Tokens read, at least one. */
  readonly length: number
  readonly digits: number
  /** Digits of the same number that the words after it may still fill: "twenty" one, "hundred" two. */
  readonly open: number
  /** "double": the next digit or letter counts so many times. */
  readonly times: number
  readonly joins: boolean
}

/** Digits in a series of tokens, written or spoken; "oh" counts beside another digit only. */
export function digitCount(tokens: readonly string[], words: NumberWords): number {
  let total = 0
  let before: Reading = nothing
  let joined = false
  for (let index = 0; index < tokens.length; index += before.length) {
    const next = readingAt(tokens, index, words, before.digits > 0)
    const fills = next.digits > 0 && (next.digits === before.open || (joined && next.digits < before.open))
    total += fills ? 0 : next.digits * Math.max(1, before.times)
    joined = next.joins && before.open > 0
    before = joined ? { ...next, open: before.open } : next
  }
  return total
}

/** Reads one number word, written number or multiple. `afterDigit` lets soft words count. */
export function readingAt(tokens: readonly string[], from: number, words: NumberWords, afterDigit: boolean): Reading {
  const token = tokens[from] ?? ''
  const written = token.match(/\p{Nd}/gu)?.length ?? 0
  if (written > 0) return { ...nothing, digits: written }
  const ten = tenLength(tokens, from, words)
  if (ten > 0) return { ...nothing, length: ten, digits: 2 }
  const spoken = matchAt(tokens, words.spoken, from)
  const tens = matchAt(tokens, words.tens, from)
  if (tens > spoken) return { ...nothing, length: tens, digits: 2, open: 1 }
  if (spoken > 0) return spokenAt(tokens, from, words, spoken, afterDigit)
  const hundreds = matchAt(tokens, words.hundreds, from)
  if (hundreds > 0) return { ...nothing, length: hundreds, digits: 2, open: 2 }
  const multiple = matchAt(tokens, words.multiples, from)
  if (multiple > 0) return { ...nothing, length: multiple, times: words.times.get(keyOf(tokens, from, multiple)) ?? 1 }
  return matchAt(tokens, words.joiners, from) > 0 ? { ...nothing, joins: true } : nothing
}

/** The number up to ninety-nine that begins at `from`, as one counts things with it; undefined: none does. */
export function countAt(
  tokens: readonly string[],
  from: number,
  words: NumberWords,
): { readonly value: number; readonly length: number } | undefined {
  const token = tokens[from] ?? ''
  if (/^\d{1,2}$/u.test(token)) return { value: Number(token), length: 1 }
  const ten = tenLength(tokens, from, words)
  if (ten > 0) return { value: tenValue(tokens.slice(from, from + ten), words), length: ten }
  const counted = matchAt(tokens, words.counted, from)
  const spoken = matchAt(tokens, words.spoken, from)
  const length = Math.max(counted, spoken)
  const key = keyOf(tokens, from, length)
  const value = words.counting.get(key) ?? words.values.get(key)
  return value === undefined ? undefined : { value, length }
}

export function compileNumbers(numbers: Numbers): NumberWords {
  const keyed = (record: Readonly<Record<string, number>>) =>
    new Map(Object.entries(record).map(([word, value]) => [tokensOf(word).join(' '), value]))
  return {
    values: keyed(numbers.values),
    counting: keyed(numbers.counting),
    times: keyed(numbers.times),
    spoken: phrasesOf([...Object.keys(numbers.values), ...numbers.soft]),
    counted: phrasesOf(Object.keys(numbers.counting)),
    soft: phrasesOf(numbers.soft),
    tens: phrasesOf(numbers.tens),
    tenMarks: phrasesOf(numbers.tenMarks),
    hundreds: phrasesOf(numbers.hundreds),
    joiners: phrasesOf(numbers.joiners),
    multiples: phrasesOf(Object.keys(numbers.times)),
    letters: phrasesOf(numbers.letters),
    asIn: phrasesOf(numbers.asIn),
    lengthNouns: phrasesOf(numbers.lengthNouns),
    lastWords: phrasesOf(numbers.lastWords),
    lastNouns: phrasesOf(numbers.lastNouns),
    singles: phrasesOf(numbers.singles),
    phoneLengths: numbers.phoneLengths,
  }
}

function spokenAt(
  tokens: readonly string[],
  from: number,
  words: NumberWords,
  length: number,
  afterDigit: boolean,
): Reading {
  const soft = matchAt(tokens, words.soft, from) === length
  if (soft && !afterDigit && !isHardDigit(tokens, from + length, words)) return { ...nothing, length }
  return { ...nothing, length, digits: (words.values.get(keyOf(tokens, from, length)) ?? 0) > 9 ? 2 : 1 }
}

function isHardDigit(tokens: readonly string[], from: number, words: NumberWords): boolean {
  if (/\p{Nd}/u.test(tokens[from] ?? '')) return true
  return matchAt(tokens, words.spoken, from) > 0 && matchAt(tokens, words.soft, from) === 0
}

/** Tokens of a number such as 十, 十二, 二十 or 二十五; 0: it is none. */
function tenLength(tokens: readonly string[], from: number, words: NumberWords): number {
  if (words.tenMarks.longest === 0) return 0
  const head = matchAt(tokens, words.spoken, from)
  const mark = matchAt(tokens, words.tenMarks, from + head)
  if (mark === 0) return 0
  return head + mark + matchAt(tokens, words.spoken, from + head + mark)
}

function tenValue(tokens: readonly string[], words: NumberWords): number {
  const head = matchAt(tokens, words.spoken, 0)
  const mark = matchAt(tokens, words.tenMarks, head)
  const unit = words.values.get(tokens.slice(head + mark).join(' ')) ?? 0
  return (head > 0 ? (words.values.get(keyOf(tokens, 0, head)) ?? 1) : 1) * 10 + unit
}

const nothing: Reading = { length: 1, digits: 0, open: 0, times: 1, joins: false }
