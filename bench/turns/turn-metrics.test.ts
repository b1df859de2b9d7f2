import { expect, test } from 'vitest'
import { judgeOverlaps } from './judge-overlaps.ts'
import { judgeTurns } from './judge-turns.ts'
import type { Scenario } from './scenario/scenario.ts'
import type { CallerAct, TalkRecord, UtteranceRecord, WireSpan } from './talk-record.ts'
import { hasExpectedOutcome, measureTalks } from './turn-metrics.ts'

const scenario: Scenario = {
  id: 'test',
  set: 'pauses',
  language: 'en',
  greeting: '',
  greetingDelayMs: 0,
  greetingInterruptible: true,
  acts: [],
  outcome: 'answered',
  tags: {},
}
const act = (kind: CallerAct['kind'], label: CallerAct['label'], fromMs: number, toMs: number): CallerAct => ({
  kind,
  label,
  fromMs,
  toMs,
  text: '',
  detail: '',
})
const span = (utterance: number, fromMs: number, toMs: number, isDucked = false): WireSpan => ({
  utterance,
  fromMs,
  toMs,
  isDucked,
})
const reply = (utterance: number, sentWords: number | null = 10): UtteranceRecord => ({
  utterance,
  source: 'reply',
  answers: 'x',
  isModelCalled: true,
  askedAtMs: 2_100,
  tokens: 10,
  totalWords: 10,
  repeatedWords: 0,
  sentWords,
  rememberedWords: sentWords,
})
const record = (over: Partial<TalkRecord>): TalkRecord => ({
  scenario,
  acts: [],
  wire: [],
  utterances: [reply(1)],
  endpointsMs: [],
  endedMs: 20_000,
  problems: [],
  ...over,
})

const turn = [act('say', 'hold', 1_000, 1_500), act('pause', 'hold', 1_500, 1_900), act('say', 'eot', 1_900, 2_400)]

test('V2V and hold count from the end of the whole turn', () => {
  const [measured] = judgeTurns(record({ acts: turn, wire: [span(1, 2_940, 6_000)], endpointsMs: [2_700] }))
  expect(measured).toMatchObject({
    v2vMs: 540,
    gapMs: 540,
    holdMs: 300,
    isCutInto: false,
    isSpeculationHit: true,
    replies: 1,
  })
})

test('the history may hold a word more or less than was heard, and the last words that a network may have lost', () => {
  const within = (utterance: Partial<UtteranceRecord>) =>
    measureTalks([record({ utterances: [{ ...reply(1, 4), ...utterance }] })]).rates['truncation within a word']?.share
  expect(within({ rememberedWords: 5 })).toBe(1)
  expect(within({ rememberedWords: 6 })).toBe(0)
  expect(within({ rememberedWords: 6, lostLastWords: 2 })).toBe(1)
  expect(within({ rememberedWords: 8, lostLastWords: 2 })).toBe(0)
  expect(within({ rememberedWords: 2, lostLastWords: 2 })).toBe(0)
})

test('sound of the assistant before the end is a cut-in of the pause it began in', () => {
  const cut = record({ acts: turn, wire: [span(1, 1_850, 4_000)], endpointsMs: [1_800] })
  expect(judgeTurns(cut)[0]).toMatchObject({ isCutInto: true, pauses: [{ ms: 400, isCutInto: true, isEndedIn: true }] })
  expect(hasExpectedOutcome(cut)).toBe(false)
})

const talk = [act('say', 'eot', 1_000, 2_000)]

test('an interruption is measured from its onset to the last sound of what it interrupted', () => {
  const acts = [...talk, act('interrupt', 'bargein', 4_000, 4_600)]
  const wire = [span(1, 2_500, 4_100), span(1, 4_100, 4_380, true), span(2, 5_100, 8_000)]
  const [measured] = judgeOverlaps(record({ acts, wire, utterances: [reply(1, 4), reply(2)] }))
  expect(measured).toMatchObject({ wasHeard: true, duckMs: 100, stopMs: 380, yieldsInTime: true })
})

test('a listening noise that only lowers the assistant is released', () => {
  const acts = [...talk, act('backchannel', 'ignore', 4_000, 4_300)]
  const wire = [span(1, 2_500, 4_100), span(1, 4_100, 4_500, true), span(1, 4_500, 8_000)]
  const [measured] = judgeOverlaps(record({ acts, wire }))
  expect(measured).toMatchObject({ isTaken: false, chopMs: 0, resumeMs: 200 })
})

test('a pause in what the assistant says is a chop, and the time until it goes on counts', () => {
  const acts = [...talk, act('noise', 'ignore', 4_000, 4_300)]
  const [measured] = judgeOverlaps(record({ acts, wire: [span(1, 2_500, 4_200), span(1, 4_520, 8_000)] }))
  expect(measured).toMatchObject({ isTaken: false, chopMs: 320, resumeMs: 220 })
})

test('giving up for a listening noise, or answering it, is a false commit', () => {
  const acts = [...talk, act('backchannel', 'ignore', 4_000, 4_300)]
  const cut = record({ acts, wire: [span(1, 2_500, 4_400)], utterances: [reply(1, 5)] })
  expect(judgeOverlaps(cut)[0]?.isTaken).toBe(true)
  const answered = record({
    acts,
    wire: [span(1, 2_500, 4_100), span(2, 5_000, 7_000)],
    utterances: [reply(1), reply(2)],
  })
  expect(judgeOverlaps(answered)[0]?.isTaken).toBe(true)
})

test('a noise before the answer is not blamed for the answer', () => {
  const acts = [...talk, act('noise', 'ignore', 2_100, 2_300)]
  expect(judgeOverlaps(record({ acts, wire: [span(1, 2_600, 6_000)] }))[0]?.isTaken).toBe(false)
})

test('what ends with the call was not given up', () => {
  const acts = [...talk, act('backchannel', 'ignore', 4_000, 4_300)]
  const hungUp = record({ acts, wire: [span(1, 2_500, 6_000)], utterances: [reply(1, 8)], endedMs: 6_050 })
  expect(judgeOverlaps(hungUp)[0]?.isTaken).toBe(false)
})

test('a noise that ducks the assistant is counted, and for how long; words that duck it are not', () => {
  const noise = act('noise', 'ignore', 2_000, 2_100)
  const wire = [span(1, 1_000, 2_060), span(1, 2_060, 2_200, true), span(1, 2_200, 6_000)]
  const [lowered] = judgeOverlaps(record({ acts: [noise], wire }))
  expect(lowered?.loweredMs).toBe(140)
  const words = act('interrupt', 'bargein', 2_040, 2_500)
  const [answered] = judgeOverlaps(record({ acts: [noise, words], wire }))
  expect(answered?.loweredMs).toBe(0)
})
