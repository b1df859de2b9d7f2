import { expect, test } from 'vitest'
import { completeness } from '../../src/turn/language/completeness.ts'
import { chineseTurns, englishTurns } from './whole-utterances.ts'

interface Ranking {
  readonly wholeMean: number
  readonly cutMean: number
  /** Chance that a whole turn scores above a cut one, ties counting half. */
  readonly auc: number
}

/** Compares every whole turn with every beginning of a turn, cut at word boundaries. */
function rank(turns: readonly string[], language: string): Ranking {
  const score = (text: string) => completeness(text, language, 'nothing')
  const whole = turns.map(score)
  const cut = turns.flatMap((turn) => beginnings(turn, language)).map(score)
  const wins = whole.reduce(
    (sum, high) => sum + cut.reduce((count, low) => count + (high > low ? 1 : high === low ? 0.5 : 0), 0),
    0,
  )
  return { wholeMean: mean(whole), cutMean: mean(cut), auc: wins / (whole.length * cut.length) }
}

function beginnings(turn: string, language: string): readonly string[] {
  const segments = [...new Intl.Segmenter(language, { granularity: 'word' }).segment(turn)]
  return segments
    .filter(({ index, isWordLike }) => index > 0 && isWordLike)
    .map(({ index }) => turn.slice(0, index).trim())
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

test.each([
  { language: 'en', turns: englishTurns, least: 0.85 },
  { language: 'zh', turns: chineseTurns, least: 0.85 },
])('whole turns in $language score above their beginnings, without any punctuation', ({ language, turns, least }) => {
  const { wholeMean, cutMean, auc } = rank(turns, language)
  console.log(`${language}: AUC ${auc.toFixed(3)}, whole ${wholeMean.toFixed(2)}, cut ${cutMean.toFixed(2)}`)
  expect(wholeMean).toBeGreaterThan(cutMean + 0.25)
  expect(auc).toBeGreaterThan(least)
})
