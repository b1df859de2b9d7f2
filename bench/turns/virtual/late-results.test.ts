import { expect, test } from 'vitest'
import { startsOf } from '../judge-turns.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { turnRules } from '../turn-rules.ts'
import { exactFigures } from './figures.ts'
import { VirtualCall } from './virtual-call.ts'

const silent: Scenario = {
  id: 'late results',
  set: 'regressions',
  language: 'en',
  greeting: '',
  greetingDelayMs: 0,
  greetingInterruptible: true,
  acts: [{ kind: 'silence', ms: 12_000 }],
  outcome: 'answered',
  tags: {},
}

type Told = Parameters<VirtualCall['tell']>[0]

/** Tells the reducer each event at its instant and returns what the caller heard answered. */
function answersTo(events: readonly (readonly [number, Told])[]): (string | null)[] {
  const rules = turnRules({ threshold: 1, actionDelayMs: 250, timeoutMs: 500 })
  const call = new VirtualCall({ scenario: silent, rules, figures: exactFigures, seed: 1 })
  for (const [atMs, event] of events) call.time.at(atMs, () => call.tell(event))
  const { wire, utterances } = call.run()
  return startsOf(wire).map(({ utterance }) => utterances.find((item) => item.utterance === utterance)?.answers ?? null)
}

const voice = (fromMs: number, toMs: number): (readonly [number, Told])[] => [
  [fromMs + 70, { type: 'speech.started', onsetAtMs: fromMs, mediaMs: fromMs }],
  [toMs + 80, { type: 'speech.stopped', lastVoiceAtMs: toMs, mediaMs: toMs }],
]
const result = (atMs: number, kind: 'partial' | 'final', text: string, fromMs: number, toMs: number) =>
  [atMs, { type: 'transcript', kind, text, fromMs, toMs }] as const

test('an old final that comes once more after other words is not answered again', () => {
  const answers = answersTo([
    ...voice(1_000, 1_900),
    result(2_020, 'partial', 'where is my parcel', 1_000, 1_900),
    result(2_100, 'final', 'where is my parcel', 1_000, 1_900),
    ...voice(7_000, 7_300),
    result(7_500, 'final', '', 7_000, 7_300),
    result(7_540, 'final', 'where is my parcel', 1_000, 1_900),
  ])
  expect(answers).toEqual(['where is my parcel'])
})
test('a late final that hears the one answered word as another is no new question', () => {
  const answers = answersTo([
    ...voice(1_000, 1_400),
    result(1_520, 'partial', 'nose', 1_000, 1_400),
    result(3_000, 'final', 'no', 1_000, 1_400),
  ])
  expect(answers).toEqual(['nose'])
})
