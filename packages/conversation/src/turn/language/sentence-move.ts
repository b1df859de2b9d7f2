import type { Grammar } from './grammar.ts'
import { findAfter, matchAt, matchEnd } from './phrases.ts'

/** How many times likelier it makes the end of the turn. Taste; the tables in `test/language` hold them. */
const questionOdds = 3
const storyOdds = 0.4
/** A wish with its object, where a sentence is due. Taste. */
const wishOdds = 1.5
/** A story that has come to its point. Taste. */
const toldOdds = 2
/** Asked for an account ("How can I help?"), people take more than one sentence, until one tells its point. Taste. */
const accountOdds = 0.4
const pointOdds = 0.8
/** "I think" after a sentence rounds it off. Taste. */
const tagOdds = 2

/** A probability after evidence that multiplies its odds. */
export function withOdds(probability: number, times: number): number {
  if (times === 1) return probability
  const odds = (probability / (1 - probability)) * times
  return odds / (1 + odds)
}

/**
 * What a sentence does beyond its form, as a factor of the odds that the turn is over. A question to the listener hands
 * the floor over; a story ("I ordered a lamp last week") prepares for the point, until a word of it tells that it has come.
 * `tells`: a sentence is due, so that wishes and stories are to be expected.
 */
export function moveOdds(tokens: readonly string[], { moves }: Grammar, tells: boolean): number {
  if (isQuestion(tokens, moves)) return questionOdds
  const from = matchAt(tokens, moves.links, 0)
  const story = matchAt(tokens, moves.stories, from)
  if (story === 0) return tells && matchAt(tokens, moves.wishes, from) > 0 ? wishOdds : 1
  if (findAfter(tokens, moves.points, from + story) >= 0) return toldOdds
  return tells ? storyOdds : 1
}

/** A question or request that the listener has to answer. */
function isQuestion(tokens: readonly string[], { links, questions, questionWords }: Grammar['moves']): boolean {
  return matchAt(tokens, questions, matchAt(tokens, links, 0)) > 0 || findAfter(tokens, questionWords) >= 0
}

/** The same, or a wish: what the listener is to do is said. */
export function asksListener(tokens: readonly string[], moves: Grammar['moves']): boolean {
  return matchAt(tokens, moves.wishes, matchAt(tokens, moves.links, 0)) > 0 || isQuestion(tokens, moves)
}

/** Odds of a sentence of an account that asks for nothing itself. */
export const accountSentenceOdds = (tokens: readonly string[], { points }: Grammar['moves']): number =>
  findAfter(tokens, points) >= 0 ? pointOdds : accountOdds

/** The sentence without "I think" or "you know" at its end, and what that does to its odds. One that is nothing else stays. */
export function withoutTag(
  tokens: readonly string[],
  { moves }: Grammar,
): { readonly tokens: readonly string[]; readonly odds: number } {
  const tag = matchEnd(tokens, moves.tags)
  const said = Math.max(tag, matchEnd(tokens, moves.asides))
  if (said === 0 || tokens.length - said < 2) return { tokens, odds: 1 }
  return { tokens: tokens.slice(0, -said), odds: tag > 0 ? tagOdds : 1 }
}
