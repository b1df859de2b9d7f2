import { hasText } from '../words.ts'
import { dictatedScore, numberTailScore, trailingDigits } from './dictation.ts'
import { emailScore } from './email.ts'
import type { Expectation } from './expectation.ts'
import { endingOf, type Grammar, grammarOf } from './grammar.ts'
import { digitCount } from './numbers.ts'
import { findAfter, isMadeOf, matchAt, matchEnd } from './phrases.ts'
import { type Form, formOf, markedScore } from './sentence-form.ts'
import { accountSentenceOdds, asksListener, withOdds } from './sentence-move.ts'
import { withoutNoises, wordCount } from './tokens.ts'

/** What is answered by sentences: one without a verb is none yet. */
const expectsSentence: ReadonlySet<Expectation> = new Set(['nothing', 'open', 'account'])
/** The day or the number that was asked for, and nothing else. Taste. */
const wholeAnswerScore = 0.9
/** A street is rarely all of an address. Taste. */
const streetScore = 0.3
/** What follows it is the rest. Taste. */
const townScore = 0.8
/** Whoever refuses an offer tends to say why, or what instead; "no" to a question of fact is an answer. Taste. */
const offerRefusalScore = 0.75
const factRefusalScore = 0.92
/** What reads no more complete than this is no sentence yet, or an answer in a few words. */
const fragmentScoreMost = 0.45
/** A longer text is judged by its end. */
const charactersJudged = 400

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
  const form = formOf(said, grammar, expectsSentence.has(expecting))
  switch (expecting) {
    case 'digits':
    case 'phone':
    case 'spelling':
      return (
        dictatedScore({ text, expecting, language, ...(length !== undefined && { length }) }, form, grammar) ??
        topicScore(form)
      )
    case 'email':
      return emailScore(said, form, grammar) ?? topicScore(form)
    case 'yesNo':
      return yesNoScore(form, grammar, factRefusalScore)
    case 'offer':
      return yesNoScore(form, grammar, offerRefusalScore)
    case 'choice':
      return choiceScore(form, grammar)
    case 'name':
      return form.kind === 'agreement' ? 0.35 : fragmentScore(form, form.words < 2 ? 0.5 : 0.75)
    case 'date':
      return dateScore(form, grammar)
    case 'address':
      return addressScore(form, grammar)
    case 'account':
    case 'open':
    case 'nothing':
      return numberTailScore(form, grammar) ?? unaskedScore(form, accountOdds(form, expecting, grammar))
    default:
      return expecting satisfies never
  }
}

/** "I can" answers, and begins as well; "yes, I can" repeats what was asked and is whole. */
function yesNoScore(form: Form, { yesNo, moves }: Grammar, refusalScore: number): number {
  if (form.kind !== 'answer' && form.kind !== 'agreement') return markedScore(form)
  if (form.mark === 'comma' || form.mark === 'ellipsis') return markedScore(form)
  if (isMadeOf(form.tokens, moves.refusals)) return refusalScore
  if (!mayBegin(form)) return 0.95
  const said = matchAt(form.tokens, yesNo, 0)
  const echoes = form.tokens.length > said && matchAt(form.tokens.slice(0, 1), yesNo, 0) > 0
  return markedScore({ ...form, score: echoes || said > 2 ? 0.9 : 0.7 })
}

/** "Yes" to nothing is a listening noise or a beginning; "I have" is an answer only where one is due. */
function unaskedScore(form: Form, odds: number): number {
  if (form.kind === 'agreement') return markedScore({ ...form, score: Math.min(0.6, form.score) })
  if (form.kind === 'answer') {
    const begins = form.ending === 'never' || mayBegin(form)
    return markedScore({ ...form, score: begins ? 0.15 : form.ending === 'surely' ? 0.93 : 0.8 })
  }
  return withOdds(markedScore(form), odds)
}

/** Asked for an account, people take more than one sentence, unless they ask for something themselves. */
function accountOdds({ kind, ending, tokens, score }: Form, expecting: Expectation, { moves }: Grammar): number {
  if (expecting !== 'account' || kind !== 'words' || (ending !== undefined && ending !== 'likely')) return 1
  return score <= fragmentScoreMost || asksListener(tokens, moves) ? 1 : accountSentenceOdds(tokens, moves)
}

/** A number is all that "how many" asks for. */
function choiceScore(form: Form, { numbers }: Grammar): number {
  if (form.kind === 'answer') return 0.85
  const counts = form.words <= 2 && digitCount(form.tokens.slice(-1), numbers) > 0
  return counts ? markedScore({ ...form, score: wholeAnswerScore }) : fragmentScore(form, 0.7)
}

/** An answer such as "I have" that other words may follow; "no" on its own is none. */
const mayBegin = ({ ending, words }: Form): boolean => (ending === 'never' || ending === 'rarely') && words > 1

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
  if (matchEnd(tokens, dateTails) > 0) return markedScore({ ...form, score: form.words <= 2 ? wholeAnswerScore : 0.8 })
  const month = (form.ending === undefined || form.ending === 'perhaps') && matchEnd(tokens, dateHeads) > 0
  const dayBefore = digitCount(tokens.slice(-2, -1), numbers) > 0 || matchEnd(tokens.slice(0, -1), dateTails) > 0
  if (month && dayBefore) return markedScore({ ...form, score: 0.8 })
  if (matchEnd(tokens, dateHeads) > 0) return markedScore({ ...form, score: 0.2 })
  const number = digitCount(tokens.slice(-1), numbers) > 0
  const hour = number && findAfter(tokens, dateTails) > 0
  return number ? markedScore({ ...form, score: hour ? 0.8 : 0.65 }) : fragmentScore(form, 0.6)
}

/** Addresses come in parts: number and street, then town. A postal code is a clear end. */
function addressScore(form: Form, grammar: Grammar): number {
  const { numbers, moves } = grammar
  if (form.kind !== 'words') return topicScore(form)
  if (matchEnd(form.tokens, moves.streets) > 0)
    return markedScore({ ...form, score: Math.min(form.score, streetScore) })
  const last = digitCount(form.tokens.slice(-1), numbers)
  if (last > 0) return numberedScore(form, grammar)
  const named = findAfter(form.tokens, moves.streets) >= 0
  return Math.min(fragmentScore(form, named ? townScore : 0.7), townScore)
}

/** The number comes first, or after the street; five digits are a postal code. */
function numberedScore({ tokens }: Form, grammar: Grammar): number {
  const digits = trailingDigits(tokens, grammar.numbers)
  if (digits >= 5) return 0.8
  const before = tokens.slice(
    0,
    tokens.findLastIndex((_, index) => digitCount(tokens.slice(index), grammar.numbers) >= digits),
  )
  return endingOf(before, grammar) === undefined && wordCount(before) >= 2 ? 0.5 : 0.3
}
