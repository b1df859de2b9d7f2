import { expect, test } from 'vitest'
import type { SimulatorRecord } from '../simulators/request-log.ts'
import type { WitnessedTurn } from './measured-turn.ts'
import { criticalPath, TurnAnalyst } from './turn-analysis.ts'

const at = (milliseconds: number) => milliseconds * 1e6
const asr = (event: 'wordHeard' | 'partial' | 'finalize' | 'final', atMs: number, text: string) =>
  ({ kind: 'asr', connection: 3, turn: 2, atNs: at(atMs), event, text }) as const

const records: SimulatorRecord[] = [
  asr('wordHeard', 1_002, 'yes'),
  asr('partial', 1_122, 'c3t2 yes'),
  {
    kind: 'llm',
    response: 9,
    receivedNs: at(1_125),
    userText: 'c3t2 yes',
    headers: {},
    tokensNs: [1_375, 1_392, 1_408, 1_425].map(at),
    words: [],
  },
  { kind: 'tts', receivedNs: at(1_428), text: 'R2 w9n1 w9n2', headers: {}, chunksNs: [at(1_528)], bytes: 0 },
]
const witnessed: WitnessedTurn = {
  call: 0,
  turn: 2,
  eosNs: at(1_000),
  v2vMs: 540,
  cutIn: false,
  networkMs: 0,
  words: [{ response: 9, word: 0, fromSample: 0 }],
}
const reference = { holdMs: 300, speculateAfterMs: 100, idealMs: () => 520 }
const trace = { callId: 'x', turn: 2, userStoppedAtMs: 1_000, endpointAtMs: 1_300 }

test('a speculated turn is charged for the providers on its chain and the engine for the rest', () => {
  const outcome = new TurnAnalyst(records, reference).analyse(witnessed, trace)
  if (outcome.kind !== 'measured') throw new Error(outcome.why)
  const { C, E, S, bound, losses } = outcome.turn
  expect(C).toBeCloseTo(120 + 300 + 100)
  expect(E).toBeCloseTo(20)
  expect(S).toBeCloseTo(0)
  expect(bound).toBe('chain')
  expect(losses).toMatchObject({ uplink: 2, reaction: 3, chunk: 3, downlink: 12 })
})

test('a pause noticed late is a loss of the schedule, not of the engine', () => {
  const late = [asr('finalize', 1_119, ''), ...records]
  const prompt = new TurnAnalyst(late, reference).analyse(witnessed, trace)
  expect(prompt).toMatchObject({ kind: 'measured', turn: { C: 520 } })
  const shifted = records.map((record) =>
    record.kind === 'llm'
      ? { ...record, receivedNs: record.receivedNs + at(60), tokensNs: record.tokensNs.map((ns) => ns + at(60)) }
      : record.kind === 'tts'
        ? { ...record, receivedNs: record.receivedNs + at(60), chunksNs: record.chunksNs.map((ns) => ns + at(60)) }
        : record,
  )
  const outcome = new TurnAnalyst([asr('finalize', 1_180, ''), ...shifted], reference).analyse(
    { ...witnessed, v2vMs: 600 },
    trace,
  )
  expect(outcome).toMatchObject({ kind: 'measured', turn: { C: 580, S: 60, E: 20 } })
})

test('a turn that hands the caller over is charged for the model alone: the words were made ahead', () => {
  const desk = (event: 'wordHeard' | 'partial', atMs: number, text: string) => ({ ...asr(event, atMs, text), turn: 3 })
  const asked = { ...(records[2] as Extract<SimulatorRecord, { kind: 'llm' }>), response: 10, receivedNs: at(5_125) }
  const analyst = new TurnAnalyst(
    [
      ...records,
      ...[desk('wordHeard', 5_002, 'desk'), desk('partial', 5_122, 'c3t3 desk')],
      { ...asked, userText: 'c3t3 desk', tokensNs: [at(5_375)] },
    ],
    reference,
  )
  analyst.analyse(witnessed, trace)
  const words = [{ response: 0, word: 0, fromSample: 0 }]
  const turn = { ...witnessed, turn: 3, eosNs: at(5_000), v2vMs: 385, words }
  const stamps = { ...trace, turn: 3, userStoppedAtMs: 5_000, endpointAtMs: 5_300 }
  const outcome = analyst.analyseHandOver(turn, stamps)
  expect(outcome).toMatchObject({ kind: 'measured', turn: { bound: 'chain', losses: { reaction: 3, chunk: 0 } } })
  if (outcome.kind === 'measured') expect([outcome.turn.C, outcome.turn.E]).toEqual([370, 15])
  const both = [...words, { response: 10, word: 1, fromSample: 9 }]
  expect(analyst.analyseHandOver({ ...turn, words: both }, stamps)).toMatchObject({ kind: 'wrong', fault: 'double' })
  expect(analyst.analyseHandOver({ ...turn, v2vMs: null }, stamps)).toMatchObject({ kind: 'wrong', fault: 'missing' })
})

test('the executed plan decides what may overlap the hold', () => {
  const stages = { model: 300, speech: 100 }
  expect(criticalPath(700, 120, stages, false, false)).toEqual({ C: 700, isHold: true })
  expect(criticalPath(700, 120, stages, false, true).C).toBe(800)
  expect(criticalPath(700, 120, stages, true, true).C).toBe(1_100)
  expect(criticalPath(300, 120, stages, false, true).C).toBe(520)
})

test.each([
  ['no answer', 'missing', { v2vMs: null }],
  ['cut in', 'cutIn', { cutIn: true }],
  ['the answer carries no words', 'missing', { words: [] }],
  ['answer to turn 2, to "c3t2 yes"', 'stale', { turn: 3 }],
  [
    'responses 9 and 8 in one turn',
    'double',
    {
      words: [
        { response: 9, word: 0, fromSample: 0 },
        { response: 8, word: 1, fromSample: 9 },
      ],
    },
  ],
])('%s is reported as %s, not measured', (why, fault, over) => {
  const outcome = new TurnAnalyst(records, reference).analyse({ ...witnessed, ...over }, trace)
  expect(outcome).toMatchObject({ kind: 'wrong', fault, why })
})

test('the end of an answer that a network brings in the next turn is no second answer, and without a network it is one', () => {
  const last = { response: 8, word: 6, fromSample: 0 }
  const before: WitnessedTurn = { ...witnessed, turn: 1, cutIn: true, words: [{ ...last, word: 0 }] }
  const after: WitnessedTurn = { ...witnessed, words: [last, ...witnessed.words] }
  const lossy = new TurnAnalyst(records, reference, true)
  lossy.analyse(before, undefined)
  expect(lossy.analyse(after, trace)).toMatchObject({ kind: 'measured' })
  const strict = new TurnAnalyst(records, reference)
  strict.analyse(before, undefined)
  expect(strict.analyse(after, trace)).toMatchObject({ kind: 'wrong', fault: 'double' })
  expect(new TurnAnalyst(records, reference, true).analyse(after, trace)).toMatchObject({ fault: 'double' })
})
