import { meanInterval, type Summary, summarise } from '../statistics.ts'
import { judgeOverlaps, type OverlapMeasure } from './judge-overlaps.ts'
import { judgeTurns, type TurnMeasure } from './judge-turns.ts'
import { type Rate, rate, rateOf } from './rate.ts'
import type { TalkRecord, UtteranceRecord } from './talk-record.ts'

/** Everything `bench turns` says of a number of talks. Durations in ms. */
export interface TurnMetrics {
  readonly talks: number
  readonly durations: Readonly<Record<string, Summary | undefined>>
  readonly rates: Readonly<Record<string, Rate>>
  /** Means over turns: `hold` of the sets that decide endpointing, model calls, wasted tokens for each one used. */
  readonly means: Readonly<Record<string, number>>
  /** 95 % intervals of the means in ms. */
  readonly meanIntervals: Readonly<Record<string, readonly [number, number]>>
  readonly cutInsByPauseMs: Readonly<Record<string, Rate>>
  readonly cutInsByPoint: Readonly<Record<string, Rate>>
  readonly panel: Readonly<Record<string, number>>
}

const voiced = new Set(['pauses', 'gaps'])
const responseLimitMs = 2_000

export function measureTalks(records: readonly TalkRecord[]): TurnMetrics {
  const turns = records.flatMap(judgeTurns)
  const overlaps = records.flatMap(judgeOverlaps)
  const plain = turns.filter(({ record }) => voiced.has(record.scenario.set))
  const paused = plain.filter(({ pauses }) => pauses.length > 0)
  const interrupts = overlaps.filter(
    ({ act, wasHeard }) => act.kind === 'interrupt' && act.label === 'bargein' && wasHeard,
  )
  const ignored = overlaps.filter(({ act, wasHeard }) => act.label === 'ignore' && (wasHeard || act.kind === 'echo'))
  const of = (kind: string) => ignored.filter(({ act }) => act.kind === kind)
  const isHesitation = ({ act }: OverlapMeasure) => act.kind === 'backchannel' && /^(u[hm]|er)$/i.test(act.text)
  const listening = of('backchannel').filter((item) => !isHesitation(item))
  const coughs = ignored.filter((item) => item.act.detail === 'cough' || isHesitation(item))
  const released = ignored.filter(({ isTaken, act }) => !isTaken && act.kind !== 'echo')
  const disturbed = released.filter(({ resumeMs, chopMs }) => resumeMs !== null || chopMs > 0)
  const cut = records.flatMap(({ utterances }) => utterances.filter(isCutShort))
  const afterInterrupt = turns.filter((turn) => isInterruption(turn) && turn.v2vMs !== null)
  const answered = turns.filter(({ v2vMs }) => v2vMs !== null)
  const durations = {
    V2V: summariseAll(plain.map(({ v2vMs }) => v2vMs)),
    'response gap': summariseAll(turns.map(({ gapMs }) => gapMs)),
    hold: summariseAll(plain.map(({ holdMs }) => holdMs)),
    duck: summariseAll(interrupts.map(({ duckMs }) => duckMs)),
    'stop (commit)': summariseAll(interrupts.map(({ stopMs }) => stopMs)),
    resume: summariseAll(disturbed.map(({ resumeMs }) => resumeMs)),
    'V2V after interruption': summariseAll(afterInterrupt.map(({ v2vMs }) => v2vMs)),
  }
  const rates = {
    'cut-ins': rateOf(plain, ({ isCutInto }) => isCutInto),
    'cut-ins, with a pause': rateOf(paused, ({ isCutInto }) => isCutInto),
    'cut-ins, digits <= 900 ms': rateOf(
      paused.filter(
        ({ record, pauses }) => record.scenario.tags.point === 'digits' && pauses.every(({ ms }) => ms <= 900),
      ),
      ({ isCutInto }) => isCutInto,
    ),
    response: rateOf(turns, ({ gapMs }) => gapMs !== null),
    'gaps > 2 s': rateOf(
      turns.filter(({ gapMs }) => gapMs !== null),
      ({ gapMs }) => (gapMs ?? 0) > responseLimitMs,
    ),
    'double replies': rateOf(turns, ({ replies }) => replies > 1),
    'interruption recall': rateOf(interrupts, ({ yieldsInTime }) => yieldsInTime),
    'false commit, backchannel': rateOf(listening, ({ isTaken }) => isTaken),
    'backchannels ignored within a second': rateOf(listening, ({ isTakenInWindow }) => !isTakenInWindow),
    'turns with a cut-in': rateOf(turns, ({ isCutInto }) => isCutInto),
    'false commit, noise': rateOf(of('noise'), ({ isTaken }) => isTaken),
    'false commit, echo': rateOf(of('echo'), ({ isTaken }) => isTaken),
    'false commit, side talk': rateOf(of('other_talk'), ({ isTaken }) => isTaken),
    'ducked without speech, noise': rateOf(of('noise'), ({ loweredMs }) => loweredMs > 0),
    ...Object.fromEntries(
      [...Map.groupBy(of('noise'), ({ act }) => act.detail)].map(([kind, items]) => [
        `ducked without speech, ${kind}`,
        rateOf(items, ({ loweredMs }) => loweredMs > 0),
      ]),
    ),
    'ducked without speech, echo': rateOf(of('echo'), ({ loweredMs }) => loweredMs > 0),
    chop: rateOf(disturbed, ({ chopMs }) => chopMs > 200),
    'resume within a word': rateOf(disturbed, ({ repeatedWords }) => repeatedWords <= 1),
    'truncation within a word': rateOf(cut, ({ sentWords, rememberedWords, lostLastWords = 0 }) => {
      const over = (rememberedWords ?? 0) - (sentWords ?? 0)
      return over >= -1 && over <= 1 + lostLastWords
    }),
    'speculation hit': rateOf(
      answered.filter(({ holdMs }) => holdMs !== null),
      ({ isSpeculationHit }) => isSpeculationHit,
    ),
    'outcome as expected': rateOf(records, (record) => hasExpectedOutcome(record)),
  }
  const used = sum(answered.map(({ usedTokens }) => usedTokens))
  const sampled = {
    hold: plain.filter(({ isCutInto }) => !isCutInto).flatMap(({ holdMs }) => holdMs ?? []),
    'ms ducked a noise': of('noise').map(({ loweredMs }) => loweredMs),
    'ms ducked a line with echo': of('echo').map(({ loweredMs }) => loweredMs),
  }
  const means = {
    hold: mean(sampled.hold),
    'ms ducked a noise': mean(sampled['ms ducked a noise']),
    'ms ducked a line with echo': mean(sampled['ms ducked a line with echo']),
    'model calls': mean(turns.map(({ modelCalls }) => modelCalls)),
    'tokens per token used': (used + sum(turns.map(({ wastedTokens }) => wastedTokens))) / used,
  }
  return {
    talks: records.length,
    durations,
    rates,
    means,
    meanIntervals: Object.fromEntries(Object.entries(sampled).map(([name, values]) => [name, meanInterval(values)])),
    cutInsByPauseMs: byPause(paused),
    cutInsByPoint: byTag(paused, 'point'),
    panel: {
      'response latency': durations['response gap']?.p50 ?? Number.NaN,
      'yield latency': durations['stop (commit)']?.p50 ?? Number.NaN,
      'response rate': rates.response.share,
      'yield rate': rates['interruption recall'].share,
      'bot interrupts': rates['turns with a cut-in'].share,
      'ignored backchannels': rates['backchannels ignored within a second'].share,
      'ignored coughs and "um"': inWindow(coughs),
      'ignored speech to others': inWindow(of('other_talk')),
    },
  }
}

const inWindow = (items: readonly OverlapMeasure[]) => rateOf(items, ({ isTakenInWindow }) => !isTakenInWindow).share

const isInterruption = ({ record, onsetMs }: TurnMeasure) =>
  record.acts.some(({ kind, fromMs }) => kind === 'interrupt' && fromMs === onsetMs)

const isCutShort = (item: UtteranceRecord) =>
  item.sentWords !== null && item.sentWords < item.totalWords && item.rememberedWords !== null

function summariseAll(values: readonly (number | null)[]): Summary | undefined {
  return summarise(values.flatMap((value) => value ?? []))
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
const mean = (values: readonly number[]) => sum(values) / values.length

function byPause(turns: readonly TurnMeasure[]): Record<string, Rate> {
  const pauses = turns.flatMap(({ pauses }) => pauses)
  const lengths = [...new Set(pauses.map(({ ms }) => ms))].sort((a, b) => a - b)
  return Object.fromEntries(
    lengths.map((ms) => [
      String(ms),
      rateOf(
        pauses.filter((pause) => pause.ms === ms),
        ({ isCutInto }) => isCutInto,
      ),
    ]),
  )
}

function byTag(turns: readonly TurnMeasure[], tag: string): Record<string, Rate> {
  const values = [...new Set(turns.flatMap(({ record }) => record.scenario.tags[tag] ?? []))].sort()
  return Object.fromEntries(
    values.map((value) => [
      value,
      rateOf(
        turns.filter(({ record }) => record.scenario.tags[tag] === value),
        ({ isCutInto }) => isCutInto,
      ),
    ]),
  )
}

/** Whether the talk went as its scenario says. */
export function hasExpectedOutcome(record: TalkRecord): boolean {
  const { outcome } = record.scenario
  const turns = judgeTurns(record)
  const overlaps = judgeOverlaps(record)
  const last = turns.at(-1)
  switch (outcome) {
    case 'answered':
      return last?.v2vMs != null && turns.every(({ isCutInto }) => !isCutInto)
    case 'yields':
      return (
        last?.v2vMs != null &&
        overlaps.filter(({ act }) => act.label === 'bargein').every(({ yieldsInTime }) => yieldsInTime)
      )
    case 'continues':
      return (
        turns.every(({ v2vMs }) => v2vMs !== null) &&
        overlaps.every(({ act, isTaken }) => act.label !== 'ignore' || !isTaken)
      )
    case 'quiet':
      return record.utterances.every(({ source, sentWords }) => source === 'greeting' || sentWords === null)
    default:
      return outcome satisfies never
  }
}

/** How many talks of each scenario went otherwise than expected, worst first. */
export function failuresByScenario(records: readonly TalkRecord[]): { readonly id: string; readonly failures: Rate }[] {
  const groups = Map.groupBy(records, ({ scenario }) => scenario.id)
  return [...groups]
    .map(([id, talks]) => ({
      id,
      failures: rate(talks.filter((talk) => !hasExpectedOutcome(talk)).length, talks.length),
    }))
    .filter(({ failures }) => failures.hits > 0)
    .sort((a, b) => b.failures.share - a.failures.share)
}
