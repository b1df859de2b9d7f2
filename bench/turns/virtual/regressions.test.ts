import type { TurnCommand } from '@parley/conversation/turn'
import { expect, test } from 'vitest'
import { startsOf } from '../judge-turns.ts'
import type { Act, Scenario } from '../scenario/scenario.ts'
import type { TalkRecord } from '../talk-record.ts'
import { turnRules } from '../turn-rules.ts'
import { noRecognizerFault, noReplyFault } from './faults.ts'
import { exactFigures } from './figures.ts'
import { VirtualCall, type VirtualCallOptions } from './virtual-call.ts'

const rules = turnRules({ threshold: 1, actionDelayMs: 250, timeoutMs: 500 })
const certain = { chance: 1, ms: [200, 200] } as const
const sure = { ...certain, sign: certain }
const figures = {
  ...exactFigures,
  noise: { door: sure, keyboard: sure, cough: sure, traffic: sure, music: sure, crackle: sure },
}
const noFaults = { recognizer: noRecognizerFault, playout: null, reply: () => noReplyFault, tool: () => undefined }

const scenarioOf = (acts: readonly Act[], rest: Partial<Scenario> = {}): Scenario => ({
  id: 'regression',
  set: 'regressions',
  language: 'en',
  greeting: '',
  greetingDelayMs: 0,
  greetingInterruptible: true,
  acts,
  outcome: 'answered',
  tags: {},
  ...rest,
})

const say = (text: string, label: 'eot' | 'hold' = 'eot'): Act => ({ kind: 'say', text, clip: null, label })

interface Told {
  readonly atMs: number
  readonly command: TurnCommand
}

function talk(
  scenario: Scenario,
  faults: Partial<NonNullable<VirtualCallOptions['faults']>> = {},
): { readonly record: TalkRecord; readonly told: readonly Told[]; readonly call: VirtualCall } {
  const told: Told[] = []
  const call = new VirtualCall({
    scenario,
    rules,
    figures,
    seed: 1,
    faults: { ...noFaults, ...faults },
    onStep: ({ event, commands }) => told.push(...commands.map((command) => ({ atMs: event.atMs, command }))),
  })
  return { record: call.run(), told, call }
}

/** What the caller heard the assistant answer, in order. */
const answersHeard = ({ wire, utterances }: TalkRecord) =>
  startsOf(wire).flatMap(({ utterance }) => utterances.find((item) => item.utterance === utterance)?.answers ?? [])

test('a speculation that later words superseded is never heard', () => {
  const pause: Act = { kind: 'pause', ms: 400, label: 'hold' }
  const { record, told } = talk(scenarioOf([say('I want to cancel', 'hold'), pause, say('the order from Monday')]))
  const begun = told.filter(({ command }) => command.type === 'reply.speculate')
  expect(begun.length).toBeGreaterThan(1)
  expect(answersHeard(record)).toEqual(['I want to cancel the order from Monday'])
})

test('two finals for one utterance are answered once', () => {
  for (const byMs of [50, 600, 2_500]) {
    const { record } = talk(scenarioOf([say('where is my parcel')]), { recognizer: { kind: 'duplicate', byMs } })
    expect(answersHeard(record)).toEqual(['where is my parcel'])
  }
})

test('a final that differs in case and punctuation keeps the speculation', () => {
  const call = new VirtualCall({ scenario: scenarioOf([]), rules, figures, seed: 1 })
  const tell = (event: Parameters<VirtualCall['tell']>[0]) => call.tell(event)
  const passTo = (ms: number) => call.time.run(ms, () => false)
  tell({ type: 'answered' })
  passTo(1_000)
  tell({ type: 'speech.started', onsetAtMs: 1_000, mediaMs: 1_000 })
  passTo(2_080)
  tell({ type: 'speech.stopped', lastVoiceAtMs: 2_000, mediaMs: 2_000 })
  passTo(2_120)
  tell({ type: 'transcript', kind: 'partial', text: 'where is my parcel', fromMs: 1_000, toMs: 2_000 })
  const generation = call.state.work?.generation
  passTo(2_200)
  tell({ type: 'transcript', kind: 'final', text: 'Where is my parcel?', fromMs: 1_000, toMs: 2_000 })
  passTo(2_700)
  expect(call.mouth.replies.size).toBe(1)
  expect(generation).toBeDefined()
  expect(call.state.speech?.generation).toBe(generation)
})

test('nothing is prepared ahead once a tool has ended the talk', () => {
  const acts: readonly Act[] = [
    say('that is all'),
    { kind: 'heard', what: 'start' },
    { kind: 'backchannel', text: 'okay', count: 1, gapMs: 0, label: 'ignore', when: { by: 'time', afterMs: 800 } },
  ]
  const { told, call } = talk(scenarioOf(acts), {
    tool: ({ plan }) =>
      plan.isModelCalled ? { kind: 'endCall', name: 'call_end', description: 'Ends the call.' } : undefined,
  })
  const audibleMs = told.find(({ command }) => command.type === 'history.user')?.atMs ?? 0
  const later = told.filter(({ atMs, command }) => atMs > audibleMs && command.type === 'reply.speculate')
  expect(later).toEqual([])
  expect(call.ends).toBe(1)
})

test.each([60, 160, 260, 400])('a noise %i ms after the end of the turn does not kill the answer', (waitMs) => {
  const noise: Act = { kind: 'noise', noise: 'cough', snrDb: -20, ms: 200, label: 'ignore', when: null }
  const { record } = talk(scenarioOf([say('where is my parcel'), { kind: 'silence', ms: waitMs }, noise]))
  const eosMs = record.acts[0]?.toMs ?? 0
  expect(answersHeard(record)).toEqual(['where is my parcel'])
  expect((record.wire[0]?.fromMs ?? 0) - eosMs).toBeLessThan(900)
})

test('an assistant of which no packet leaves for half a second is repaired', () => {
  const { told } = talk(scenarioOf([say('where is my parcel')]), { playout: { stuckForMs: Number.POSITIVE_INFINITY } })
  const audibleMs = told.find(({ command }) => command.type === 'history.user')?.atMs ?? 0
  const repaired = told.find(({ command }) => command.type === 'talk.repaired')
  expect(repaired?.command).toMatchObject({ fault: 'speakingWithoutPackets' })
  expect((repaired?.atMs ?? 0) - audibleMs).toBeLessThan(1_200)
})

test('after "mhm" the assistant is at full level again within 250 ms, and says everything', () => {
  const acts: readonly Act[] = [
    { kind: 'assistant', text: 'I have found your order from Monday, and it left our warehouse yesterday evening.' },
    say('where is my parcel'),
    { kind: 'backchannel', text: 'mhm', count: 1, gapMs: 0, label: 'ignore', when: { by: 'word', word: 4 } },
  ]
  const { record } = talk(scenarioOf(acts))
  const mhm = record.acts.find(({ kind }) => kind === 'backchannel')
  const last = record.wire.at(-1)
  expect(record.wire.some(({ isDucked }) => isDucked)).toBe(true)
  expect(last?.isDucked).toBe(false)
  expect((last?.fromMs ?? 0) - (mhm?.toMs ?? 0)).toBeLessThanOrEqual(250)
  const [reply] = record.utterances.filter(({ sentWords }) => sentWords !== null)
  expect(reply?.sentWords).toBe(reply?.totalWords)
})

test('a greeting that must be heard is neither lowered nor cut, and what was said into it is answered', () => {
  const greeting = 'This call may be recorded for training purposes. You can object at any time.'
  const acts: readonly Act[] = [
    {
      kind: 'interrupt',
      text: 'wait, can I ask something?',
      clip: null,
      soft: false,
      label: 'ignore',
      when: { by: 'word', word: 3 },
    },
  ]
  const { record } = talk(scenarioOf(acts, { greeting, greetingInterruptible: false }))
  const [first] = record.utterances
  expect(first).toMatchObject({ source: 'greeting', sentWords: first?.totalWords })
  expect(record.wire.filter(({ utterance }) => utterance === first?.utterance).every(({ isDucked }) => !isDucked)).toBe(
    true,
  )
  expect(answersHeard(record)).toEqual(['wait can I ask something'])
})

test('a voice of which the recogniser makes nothing is not answered', () => {
  const noise: Act = { kind: 'noise', noise: 'cough', snrDb: -20, ms: 200, label: 'ignore', when: null }
  const { record } = talk(scenarioOf([noise, { kind: 'silence', ms: 1_500 }]))
  expect(record.wire).toEqual([])
})

test('words whose final never comes are answered all the same', () => {
  const { record } = talk(scenarioOf([say('where is my parcel')]), { recognizer: { kind: 'neverFinal' } })
  const eosMs = record.acts[0]?.toMs ?? 0
  expect(answersHeard(record)).toEqual(['where is my parcel'])
  expect((record.wire[0]?.fromMs ?? 0) - eosMs).toBeLessThan(1_600)
})
