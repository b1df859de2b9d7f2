import { type Grammar, grammarOf, withoutLead } from './grammar.ts'
import { letterCount } from './letters.ts'
import type { Topic } from './lexicon/lexicon.ts'
import { countAt, digitCount } from './numbers.ts'
import { findAfter, matchAt, matchEnd, type Phrases } from './phrases.ts'
import { markOf, sentencesOf } from './sentences.ts'
import { tokensOf, withoutNoises } from './tokens.ts'

/**
 * What the assistant's last words ask for; decides how long an answer may pause and what "yes" means. `choice`: one of
 * a few values, also a quantity, a grade or a person. `offer`: yes or no to what the assistant would do. `phone`: digits of a
 * telephone number. `account`: why the caller calls, what happened. `open`: any other answer to a question; `nothing`: no
 * question was asked.
 */
export type Expectation =
  | 'nothing'
  | 'yesNo'
  | 'offer'
  | 'choice'
  | 'digits'
  | 'phone'
  | 'spelling'
  | 'address'
  | 'email'
  | 'date'
  | 'name'
  | 'account'
  | 'open'

/** Sentences at the end that may hold the question: "What is your number? Take your time. I have all day." */
const sentencesHeard = 3
const charactersHeard = 600
/** Topics by how sure their words are: "email address" is a mail address, "spell your name" is spelling. */
const topics: readonly Topic[] = ['spelling', 'email', 'phone', 'digits', 'address', 'date', 'name']
/** Topics that a question for a quantity hides: "how many days". */
const yieldsToQuantity: ReadonlySet<Topic> = new Set(['phone', 'digits', 'address', 'date'])
/** No code is longer; a larger number is an amount. */
const longestAnswer = 32

/** Reads the last question or request; what was said after it, briefly, does not hide it. */
export function expectationOf(assistantWords: string, language: string): Expectation {
  const grammar = grammarOf(assistantWords, language)
  const sentences = sentencesOf(assistantWords.slice(-charactersHeard)).slice(-sentencesHeard)
  for (const sentence of sentences.toReversed()) {
    const expectation = asked(sentence, grammar)
    if (expectation) return expectation
  }
  return 'nothing'
}

/**
 * Number of digits or letters the assistant asked for when it said so ("your six digit code", "后四位", "last 4 of your
 * card"), undefined otherwise.
 */
export function expectedLength(assistantWords: string, language: string): number | undefined {
  const heard = assistantWords.slice(-charactersHeard).replace(/(?<=[\p{L}\d])stellig/gu, ' stellig')
  const { numbers } = grammarOf(heard, language)
  const tokens = tokensOf(heard)
  let found = findAfter(tokens, numbers.singles) >= 0 ? 1 : undefined
  for (let index = 0; index < tokens.length; index += 1) {
    const count = countAt(tokens, index, numbers)
    if (!count || count.value < 1 || count.value > longestAnswer) continue
    const after = index + count.length
    const last = index > 0 && matchEnd(tokens.slice(0, index), numbers.lastWords) > 0
    const noun =
      matchAt(tokens, numbers.lengthNouns, after) > 0 || (last && matchAt(tokens, numbers.lastNouns, after) > 0)
    if (noun) found = count.value
    index = after - 1
  }
  return found
}

/**
 * Digits in an answer, spoken or written ("five five oh one 23", "double seven", "幺三八", "cero uno"); letters and
 * digits when a spelling is expected ("B as in boy", "b o b", "BOB").
 */
export function collectedLength(text: string, expecting: Expectation, language: string): number {
  const said = withoutNoises(text)
  const { numbers } = grammarOf(said, language)
  if (expecting !== 'spelling') return digitCount(tokensOf(said), numbers)
  const capitals = said.replace(/(?<!\p{L})\p{Lu}{2,12}(?!\p{L})/gu, (word) => [...word].join(' '))
  return letterCount(tokensOf(capitals), numbers)
}

function asked(sentence: string, grammar: Grammar): Expectation | undefined {
  const { asks, numbers } = grammar
  const tokens = withoutLead(tokensOf(sentence), grammar)
  const has = (phrases: Phrases) => findAfter(tokens, phrases) >= 0
  const question = markOf(sentence) === 'question' || matchEnd(tokens, asks.ends) > 0
  const requested = has(asks.requests)
  const polar = has(asks.offers) ? 'offer' : 'yesNo'
  if (question && !requested && matchEnd(tokens, asks.confirms) > 0) return polar
  const alternatives = question && offersAlternatives(tokens, grammar)
  const verifies = !requested && matchAt(tokens, asks.yesNoStarts, 0) > 0
  if (question && verifies && !has(asks.choices)) return alternatives ? 'choice' : polar
  const wh = question && has(asks.wh)
  const quantity = has(asks.choices)
  if ((requested || wh) && has(numbers.singles)) return 'spelling'
  const topic = requested || wh ? topics.find((name) => has(asks.topics[name])) : undefined
  if (topic && !(quantity && yieldsToQuantity.has(topic) && !namesChoice(tokens, asks.topics[topic], asks.choices)))
    return topic
  if ((quantity && (question || requested)) || alternatives) return 'choice'
  if (has(asks.invites) || (wh && has(asks.helps))) return 'account'
  if (wh) return 'open'
  return question ? polar : undefined
}

/** The word that makes it a choice belongs to the topic: "which day". */
function namesChoice(tokens: readonly string[], topic: Phrases, choices: Phrases): boolean {
  return tokens.some((_, index) => {
    const count = matchAt(tokens, topic, index)
    return count > 1 && findAfter(tokens.slice(index, index + count), choices) >= 0
  })
}

function offersAlternatives(tokens: readonly string[], { asks }: Grammar): boolean {
  return tokens.some(
    (_, index) =>
      index > 0 &&
      index < tokens.length - 1 &&
      matchAt(tokens, asks.or, index) > 0 &&
      matchAt(tokens, asks.notOr, index) === 0,
  )
}
