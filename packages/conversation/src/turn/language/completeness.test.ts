import { expect, test } from 'vitest'
import { completeness } from './completeness.ts'
import { collectedLength, type Expectation, expectationOf, expectedLength } from './expectation.ts'
import {
  contentWords,
  isAnswerWord,
  isBackchannel,
  isIdleNoise,
  justAsked,
  startsWithStopWord,
} from './overlap-words.ts'

const expectations: readonly Expectation[] = [
  'nothing',
  'yesNo',
  'offer',
  'choice',
  'digits',
  'spelling',
  'address',
  'email',
  'date',
  'name',
  'account',
  'open',
]
const tags = ['en', 'zh', 'es', 'ja', 'fr', 'de', 'pt', 'ko', 'xx', '']

test.each(['', ' ', '...', '?!', '，。', '[laughter]', '🙂'])('"%s" is no turn whatever was asked', (text) => {
  for (const tag of tags) for (const expecting of expectations) expect(completeness(text, tag, expecting)).toBe(0)
})

test('more of the digits asked for is more complete, all of them nearly certain', () => {
  const scores = ['1', '12', '123', '1234', '12345', '123456'].map((text) => completeness(text, 'en', 'digits', 6))
  expect(scores).toEqual(scores.toSorted((left, right) => left - right))
  expect(scores.at(-1)).toBeGreaterThan(0.95)
  expect(scores.at(-2)).toBeLessThan(0.2)
})

const unit = [
  'ha ',
  'mm',
  '?',
  '? a',
  '. ',
  ', ',
  ' ',
  '1 ',
  'a@b.',
  'yes ',
  'um ',
  '嗯',
  '如果',
  '(',
  '[a',
  "'",
  'but because if ',
  '네',
  'x',
]
const long = unit.map((piece) => piece.repeat(Math.ceil(10_000 / piece.length)))

test('ten thousand characters of anything cost no more than a bounded number of milliseconds', () => {
  for (const text of long) {
    const startedAtMs = performance.now()
    for (const tag of ['en', 'zh', 'xx']) {
      for (const expecting of expectations) {
        const score = completeness(text, tag, expecting)
        expect(score >= 0 && score <= 1).toBe(true)
      }
      collectedLength(text, 'spelling', tag)
      expectationOf(text, tag)
      expectedLength(text, tag)
      for (const ask of [isBackchannel, isIdleNoise, startsWithStopWord, isAnswerWord, justAsked, contentWords])
        ask(text, tag)
    }
    // About 50 calls; a backtracking pattern would take minutes.
    expect(performance.now() - startedAtMs).toBeLessThan(5000)
  }
})
