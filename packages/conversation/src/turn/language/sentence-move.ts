import type { Grammar } from './grammar.ts'
import { findAfter, matchAt, matchEnd } from './phrases.ts'

/** How many times likelier it makes the end of the turn. Taste; the tables in `test/language` hold them. */
const questionOdds = 3
const storyOdds = 0.4
/** Asked for an account ("How can I help?"), people take more than one sentence. Taste. */
export const accountSentenceOdds = 0.4

/** A probability after evidence that multiplies its odds. */
export function withOdds(probability: number, times: number): number {
  if (times === 1) return probability
  const odds = (probability / (1 - probability)) * times
  return odds / (1 + odds)
}

/**
 * What a sentence does beyond its form, as a factor of the odds that the turn is over. A question to the listener hands
 * the floor over; a story ("I ordered a lamp last week") prepares for the point, until a word of it tells that it has come.
 * `tells`: an account was asked for, so that stories are to be expected.
 */
export function moveOdds(tokens: readonly string[], { moves }: Grammar, tells: boolean): number {
  if (isQuestion(tokens, moves)) return questionOdds
  const from = matchAt(tokens, moves.links, 0)
  const story = matchAt(tokens, moves.stories, from)
  return tells && story > 0 && findAfter(tokens, moves.points, from + story) < 0 ? storyOdds : 1
}

/** A question or request that the listener has to answer. */
function isQuestion(tokens: readonly string[], { links, questions, questionWords }: Grammar['moves']): boolean {
  return matchAt(tokens, questions, matchAt(tokens, links, 0)) > 0 || findAfter(tokens, questionWords) >= 0
}

/** The same, or a wish: what the listener is to do is said. */
export function asksListener(tokens: readonly string[], moves: Grammar['moves']): boolean {
  return matchAt(tokens, moves.wishes, matchAt(tokens, moves.links, 0)) > 0 || isQuestion(tokens, moves)
}

/** The sentence without "I think" at its end. One that is nothing else stays. */
export function withoutTag(tokens: readonly string[], { moves }: Grammar): readonly string[] {
  const tag = matchEnd(tokens, moves.tags)
  return tag > 0 && tokens.length - tag >= 2 ? tokens.slice(0, -tag) : tokens
}
