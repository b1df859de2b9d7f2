import { endingOf, type Grammar, openFrame, withoutLead } from './grammar.ts'
import type { Ending } from './lexicon/lexicon.ts'
import { findAfter, isMadeOf, matchEnd } from './phrases.ts'
import { moveOdds, withOdds, withoutTag } from './sentence-move.ts'
import { type Mark, markOf, sentencesOf } from './sentences.ts'
import { tokensOf, wordCount } from './tokens.ts'

/** What the last sentence of an utterance looks like. */
export interface Form {
  /** `agreement`: "okay", "sure"; `answer`: yes, no, thanks, goodbye in any order; `hum`: "hm";
   * `filler`: "um"; `greeting`: "hello". */
  readonly kind: 'words' | 'agreement' | 'answer' | 'hum' | 'filler' | 'greeting' | 'question'
  /** 0 to 1, by the words alone. */
  readonly score: number
  /** What a tag after it does to the odds of that score. */
  readonly odds: number
  readonly mark: Mark
  readonly ending: Ending | undefined
  /** Of the last sentence, without hesitations before it and "I think" after it. */
  readonly tokens: readonly string[]
  /** Two characters of a script without blanks count one. */
  readonly words: number
}

/** Scores of the endings, and of the kinds that have no ending. Taste; the tables in `test/language` hold them. */
const endingScores: Readonly<Record<Ending, number>> = {
  never: 0.05,
  rarely: 0.2,
  perhaps: 0.45,
  likely: 0.8,
  surely: 0.93,
}
const gapScore = 0.7
/** Fewer words than these do not yet ask or tell anything. */
const leastMoveWords = 3
/** A full stop makes the end so many times likelier: recognisers set it at mere pauses as well. Taste. */
const stopOdds = 3
const questionMarkOdds = 16
const kindScores = { agreement: 0.85, answer: 0.93, hum: 0.4, filler: 0.05, greeting: 0.35, question: 0.5 } as const

/** Looks at the last sentence. `sentence`: a full one is expected, so that a missing verb tells something. */
export function formOf(text: string, grammar: Grammar, sentence: boolean): Form {
  const last = sentencesOf(text).at(-1) ?? text
  const all = tokensOf(last)
  const bare = withoutLead(all, grammar)
  const kind = kindOf(all, bare, grammar)
  const { tokens, odds } = kind === 'words' ? withoutTag(bare, grammar) : { tokens: bare, odds: 1 }
  const ending = endingOf(tokens.length < bare.length ? tokens : all, grammar)
  const words = wordCount(tokens)
  const score = kind === 'words' ? wordsScore(tokens, ending, words, grammar, sentence) : kindScores[kind]
  return { kind, score, odds, mark: markOf(text), ending, tokens, words }
}

/** The score with the recogniser's last sign, which it also sets at mere pauses: it moves the words' odds, no more. */
export function markedScore(form: Form): number {
  const { kind, mark } = form
  const score = withOdds(form.score, form.odds)
  switch (mark) {
    case 'none':
      return score
    case 'comma':
      return kind === 'answer' ? 0.5 : Math.min(score, 0.2)
    case 'ellipsis':
      return Math.min(score, 0.15)
    case 'question':
      return kind === 'greeting' ? 0.85 : withOdds(score, questionMarkOdds)
    case 'stop':
      if (kind === 'filler') return score
      return kind === 'greeting' ? 0.4 : withOdds(score, stopOdds)
    default:
      return mark satisfies never
  }
}

function kindOf(all: readonly string[], tokens: readonly string[], grammar: Grammar): Form['kind'] {
  if (isMadeOf(all, grammar.fillers)) return humKindOf(all, grammar)
  if (isMadeOf(all, grammar.greetings)) return 'greeting'
  if (isMadeOf(all, grammar.agreements)) return 'agreement'
  if (isMadeOf(all, grammar.answers)) return 'answer'
  return isMadeOf(tokens, grammar.asks.wh) && wordCount(tokens) <= 2 ? 'question' : 'words'
}

/** "嗯" hesitates and agrees, "hm" hesitates and listens. */
function humKindOf(tokens: readonly string[], { yesNo, listening }: Grammar): Form['kind'] {
  if (isMadeOf(tokens, yesNo)) return 'answer'
  return isMadeOf(tokens, listening) ? 'hum' : 'filler'
}

function wordsScore(
  tokens: readonly string[],
  ending: Ending | undefined,
  words: number,
  grammar: Grammar,
  sentence: boolean,
): number {
  if (ending === 'never' || ending === 'rarely') return fillsGap(tokens, grammar) ? gapScore : endingScores[ending]
  const known = ending ? endingScores[ending] : unknownScore(words)
  if (ending === 'surely') return known
  const open = openFrame(tokens, grammar, !sentence)
  if (open < known || ending === 'perhaps' || words < leastMoveWords) return Math.min(open, known)
  return withOdds(known, moveOdds(tokens, grammar, sentence))
}

/** The last words miss their object, and an earlier one stands for it: "where are you from". */
function fillsGap(tokens: readonly string[], { gaps }: Grammar): boolean {
  const last = matchEnd(tokens, gaps.last)
  const before = tokens.slice(0, tokens.length - last - 1)
  return last > 0 && findAfter(before, gaps.after) >= 0
}

/** The more has been said, the likelier it is all. */
function unknownScore(words: number): number {
  if (words <= 1) return 0.42
  if (words <= 2) return 0.5
  return words <= 3 ? 0.6 : 0.68
}
