import { collectedLength } from './expectation.ts'
import type { Grammar } from './grammar.ts'
import { digitCount, readingAt } from './numbers.ts'
import { matchEnd } from './phrases.ts'
import type { Form } from './sentence-form.ts'

type Dictated = 'digits' | 'phone' | 'spelling'

/** What is dictated. `length`: so many digits or letters were asked for. */
interface Dictation {
  readonly text: string
  readonly expecting: Dictated
  readonly language: string
  readonly length?: number
}

/** Lengths at which a dictated number may be whole: PIN, code, dates and phone numbers, card. Taste. */
const wholeLengths: ReadonlySet<number> = new Set([4, 6, 7, 8, 10, 11, 16])
/** That a name is whole after so many letters: most have five to nine, and are spelled in groups of three or four. Taste. */
const spelledScores: readonly number[] = [0.05, 0.08, 0.11, 0.25, 0.4, 0.5, 0.55, 0.6]

/** Digits or letters; undefined: the text has none and is judged as a sentence. */
export function dictatedScore(
  { text, expecting, language, length }: Dictation,
  form: Form,
  grammar: Grammar,
): number | undefined {
  const count = collectedLength(text, expecting, language)
  if (count === 0) return undefined
  const goesOn = afterNumberScore(form, grammar)
  if (goesOn !== undefined && goesOn < 0.5) return goesOn
  const score = lengthScore(count, expecting, length === undefined ? phoneLengths(expecting, grammar) : [length])
  return goesOn === undefined ? score : Math.max(score, goesOn)
}

const phoneLengths = (expecting: Dictated, { numbers }: Grammar): readonly number[] =>
  expecting === 'phone' ? numbers.phoneLengths : []

/** `lengths`: those that are possible, ascending; none: not known. */
function lengthScore(count: number, expecting: Dictated, lengths: readonly number[]): number {
  const [least] = lengths
  if (least === undefined) return expecting === 'spelling' ? spelledScore(count) : wholeLengths.has(count) ? 0.6 : 0.2
  if (count < least) return 0.05 + (0.1 * count) / least
  if (count === lengths.at(-1)) return 0.97
  return lengths.includes(count) ? 0.9 : 0.75
}

const spelledScore = (count: number): number => spelledScores[Math.min(count, spelledScores.length) - 1] ?? 0

/** What words after the number say: "and" goes on, "that's it" ends. Undefined: the number is last, or nothing is known. */
function afterNumberScore({ tokens, ending }: Form, { numbers, courtesies }: Grammar): number | undefined {
  if (digitCount(tokens, numbers) > digitCount(tokens.slice(0, -1), numbers)) return undefined
  if (/^\p{Script=Latin}$/u.test(tokens.at(-1) ?? '') || matchEnd(tokens, numbers.letters) > 0) return undefined
  if (matchEnd(tokens, courtesies) > 0) return 0.9
  if (ending === 'never') return 0.05
  if (ending === 'rarely') return 0.2
  return ending === 'surely' ? 0.9 : undefined
}

/** A number dictated without being asked for: "my order is 4 5 2". Undefined: the text ends otherwise. */
export function numberTailScore(form: Form, { numbers }: Grammar): number | undefined {
  const { tokens } = form
  const written = /^\d+$/u.test(tokens.at(-1) ?? '') && /^\d+$/u.test(tokens.at(-2) ?? '')
  const digits = trailingDigits(tokens, numbers)
  const single = trailingDigits(tokens.slice(-3), numbers) >= 3 && isDictated(tokens.slice(-3), numbers)
  return digits >= 3 && (written || single || digits >= 5) ? lengthScore(digits, 'digits', []) : undefined
}

const isDictated = (tokens: readonly string[], numbers: Grammar['numbers']): boolean =>
  tokens.every((_, index) => readingAt(tokens, index, numbers, true).digits > 0)

/** Digits that end the text, whatever comes before them. */
export function trailingDigits(tokens: readonly string[], numbers: Grammar['numbers']): number {
  let from = tokens.length
  while (from > 0 && readingAt(tokens, from - 1, numbers, true).digits > 0) from -= 1
  return digitCount(tokens.slice(from), numbers)
}
