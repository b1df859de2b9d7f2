import { hasText } from '../words.ts'
import { emailScore } from './email.ts'
import { collectedLength, type Expectation } from './expectation.ts'
import { type Grammar, grammarOf } from './grammar.ts'
import { digitCount, readingAt } from './numbers.ts'
import { matchEnd } from './phrases.ts'
import { type Form, formOf, markedScore } from './sentence-form.ts'
import { withoutNoises } from './tokens.ts'

/** A longer text is judged by its end. */
const charactersJudged = 400
/** Lengths at which a dictated number may be whole: PIN, code, dates and phone numbers, card. Taste. */
const wholeLengths: ReadonlySet<number> = new Set([4, 6, 7, 8, 10, 11, 16])

/**
 * How likely the words so far are a finished turn, by their form alone: 0 (cannot be: "I want to", "my number is") to 1
 * (certain: "yes please.", "no thanks, bye").
 *
 * About .95 is certain, .8 a sentence that is probably over, .5 unknown, .2 one that clearly goes on, .05 one that
 * cannot end here. `length` is the number of digits or letters asked for, when known (`expectedLength`). Text without
 * letters and digits scores 0. The scale is calibrated by hand and by the tables in `test/language`.
 */
export function completeness(text: string, language: string, expecting: Expectation, length?: number): number {
  const said = withoutNoises(text).trim().slice(-charactersJudged)
  if (!hasText(said)) return 0
  const grammar = grammarOf(said, language)
  const form = formOf(said, grammar, expecting === 'nothing' || expecting === 'open')
  switch (expecting) {
    case 'digits':
    case 'spelling':
      return dictatedScore(text, expecting, language, length, form, grammar) ?? topicScore(form)
    case 'email':
      return emailScore(said, form, grammar) ?? topicScore(form)
    case 'yesNo':
      return yesNoScore(form)
    case 'choice':
      return form.kind === 'answer' ? 0.85 : fragmentScore(form, 0.7)
    case 'name':
      return form.kind === 'agreement' ? 0.35 : fragmentScore(form, form.words < 2 ? 0.5 : 0.75)
    case 'date':
      return dateScore(form, grammar)
    case 'address':
      return addressScore(form, grammar)
    case 'open':
    case 'nothing':
      return numberTailScore(form, grammar) ?? unaskedScore(form)
    default:
      return expecting satisfies never
  }
}

/** "I can" answers, and begins as well. */
function yesNoScore(form: Form): number {
  if (form.kind !== 'answer' && form.kind !== 'agreement') return markedScore(form)
  if (form.mark === 'comma' || form.mark === 'ellipsis') return markedScore(form)
  return mayBegin(form) ? markedScore({ ...form, score: 0.7 }) : 0.95
}

/** "Yes" to nothing is a listening noise or a beginning; "I have" is an answer only where one is due. */
function unaskedScore(form: Form): number {
  if (form.kind === 'agreement') return markedScore({ ...form, score: Math.min(0.6, form.score) })
  if (form.kind === 'answer') {
    const begins = form.ending === 'never' || mayBegin(form)
    return markedScore({ ...form, score: begins ? 0.15 : form.ending === 'surely' ? 0.93 : 0.8 })
  }
  return markedScore(form)
}

/** An answer such as "I have" that other words may follow; "no" on its own is none. */
const mayBegin = ({ ending, words }: Form): boolean => (ending === 'never' || ending === 'rarely') && words > 1

/** Digits or letters; undefined: the text has none and is judged as a sentence. */
function dictatedScore(
  text: string,
  expecting: 'digits' | 'spelling',
  language: string,
  length: number | undefined,
  form: Form,
  grammar: Grammar,
): number | undefined {
  const count = collectedLength(text, expecting, language)
  if (count === 0) return undefined
  const goesOn = afterNumberScore(form, grammar)
  if (goesOn !== undefined && goesOn < 0.5) return goesOn
  const score = lengthScore(count, expecting, length)
  return goesOn === undefined ? score : Math.max(score, goesOn)
}

function lengthScore(count: number, expecting: 'digits' | 'spelling', length: number | undefined): number {
  if (length !== undefined) {
    if (count === length) return 0.97
    return count < length ? 0.05 + (0.1 * count) / length : 0.75
  }
  if (expecting === 'spelling') return count < 3 ? 0.15 : 0.45
  return wholeLengths.has(count) ? 0.6 : 0.2
}

/** What words after the number say: "and" goes on, "that's it" ends. Undefined: the number is last, or nothing is known. */
function afterNumberScore({ tokens, ending }: Form, { numbers, courtesies }: Grammar): number | undefined {
  if (digitCount(tokens, numbers) > digitCount(tokens.slice(0, -1), numbers)) return undefined
  if (/^\p{Script=Latin}$/u.test(tokens.at(-1) ?? '') || matchEnd(tokens, numbers.letters) > 0) return undefined
  if (matchEnd(tokens, courtesies) > 0) return 0.9
  if (ending === 'never') return 0.05
  if (ending === 'rarely') return 0.2
  return ending === 'surely' ? 0.9 : undefined
}

/** Asked for something definite: a mere "sure" announces it, a sentence without it explains why not. */
const topicScore = (form: Form): number => (form.kind === 'agreement' ? 0.35 : markedScore(form))

/** Answers need no sentence around them: words without a known ending are worth `unknown`. */
const fragmentScore = (form: Form, unknown: number): number =>
  form.kind === 'words' && form.score > 0.4 && form.score < unknown
    ? markedScore({ ...form, score: unknown })
    : markedScore(form)

function dateScore(form: Form, { dateHeads, dateTails, numbers }: Grammar): number {
  const { tokens } = form
  if (form.kind === 'agreement') return 0.35
  if (form.ending === 'never' && form.kind === 'words' && matchEnd(tokens, dateTails) === 0) return markedScore(form)
  if (matchEnd(tokens, dateTails) > 0) return markedScore({ ...form, score: 0.8 })
  if (matchEnd(tokens, dateHeads) > 0) return markedScore({ ...form, score: 0.2 })
  const number = digitCount(tokens.slice(-1), numbers) > 0
  return number ? markedScore({ ...form, score: 0.65 }) : fragmentScore(form, 0.6)
}

/** Addresses come in parts; only a postal code is a clear end. */
function addressScore(form: Form, { numbers }: Grammar): number {
  if (form.kind !== 'words') return topicScore(form)
  const last = digitCount(form.tokens.slice(-1), numbers)
  if (last > 0) return trailingDigits(form.tokens, numbers) >= 5 ? 0.8 : 0.3
  return Math.min(markedScore(form), form.mark === 'none' ? 0.6 : 0.75)
}

/** A number dictated without being asked for: "my order is 4 5 2". Undefined: the text ends otherwise. */
function numberTailScore(form: Form, { numbers }: Grammar): number | undefined {
  const { tokens } = form
  const written = /^\d+$/u.test(tokens.at(-1) ?? '') && /^\d+$/u.test(tokens.at(-2) ?? '')
  const digits = trailingDigits(tokens, numbers)
  const single = trailingDigits(tokens.slice(-3), numbers) >= 3 && isDictated(tokens.slice(-3), numbers)
  return digits >= 3 && (written || single || digits >= 5) ? lengthScore(digits, 'digits', undefined) : undefined
}

const isDictated = (tokens: readonly string[], numbers: Grammar['numbers']): boolean =>
  tokens.every((_, index) => readingAt(tokens, index, numbers, true).digits > 0)

function trailingDigits(tokens: readonly string[], numbers: Grammar['numbers']): number {
  let from = tokens.length
  while (from > 0 && readingAt(tokens, from - 1, numbers, true).digits > 0) from -= 1
  return digitCount(tokens.slice(from), numbers)
}
