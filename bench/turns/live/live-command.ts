import { writeFile } from 'node:fs/promises'
import { exitCodes, overall, type Verdict } from '../../gates.ts'
import { type NetworkName, networkProfiles } from '../../relay/network-profile.ts'
import { currentCommit, describeMachine } from '../../results-file.ts'
import { summarise } from '../../statistics.ts'
import { judgeGoals } from '../goals.ts'
import { judgeOverlaps, type OverlapMeasure } from '../judge-overlaps.ts'
import { judgeTurns, type TurnMeasure } from '../judge-turns.ts'
import { type Rate, rateOf } from '../rate.ts'
import { loadScenarios } from '../scenario/load-scenarios.ts'
import type { TalkRecord } from '../talk-record.ts'
import { hasExpectedOutcome, measureTalks, type TurnMetrics } from '../turn-metrics.ts'
import { readTurnsBudgets } from '../turns-budgets.ts'
import { formatGoals, formatMetrics } from '../turns-report.ts'
import { type LiveResult, runLive } from './live-bench.ts'
import { livePlans } from './live-plan.ts'

export interface LiveFlags {
  readonly isQuick: boolean
  readonly seed: number
  readonly only?: string | undefined
  readonly json?: string | undefined
  /** The audio goes through it. Absent: straight. */
  readonly network?: NetworkName | undefined
}

/** `bench turns --live`. Returns the exit code. @throws Error when the bench itself fails */
export async function liveTurns(flags: LiveFlags, print: (line: string) => void): Promise<number> {
  const { isQuick, seed, only, json, network } = flags
  const scenarios = (await loadScenarios()).filter(
    ({ set, id }) => only === undefined || set === only || id.startsWith(only),
  )
  const fromMs = performance.now()
  const plan = isQuick ? livePlans.quick : livePlans.full
  const result = await runLive(scenarios, { ...plan, network }, seed, print)
  const durationMs = performance.now() - fromMs
  const records = result.talks.map(({ record }) => record)
  const metrics = withoutDelay(measureTalks(records), records, network)
  print(formatMetrics(metrics))
  const speakers = bySpeaker(result)
  for (const [name, { share, hits, n }] of Object.entries(speakers))
    print(`  ${name.padEnd(36)} ${(100 * share).toFixed(1)} % (${hits} of ${n})`)
  const duckByVoice = ducksOf(result)
  for (const [voice, summary] of Object.entries(duckByVoice))
    print(
      `  duck, ${voice.padEnd(30)} p50 ${summary?.p50.toFixed(0)} p95 ${summary?.p95.toFixed(0)} ms (${summary?.n})`,
    )
  for (const note of result.notes) print(`  note: ${note}`)
  const goals = judgeGoals(metrics, await readTurnsBudgets('live', network))
  const machine = describeMachine(result.noise, durationMs)
  print(
    `\n  ${(100 * machine.usefulShare).toFixed(0)} % of a core to be had, ${machine.stallsPerMin.toFixed(0)} stalls a minute`,
  )
  print(formatGoals(goals))
  const verdict: Verdict = overall(goals.filter(({ value }) => value !== null))
  print(`\nverdict: ${verdict === 'pass' ? verdict : verdict.toUpperCase()}`)
  if (json !== undefined) {
    const { durations, rates, means, panel, talks } = metrics
    const head = {
      bench: 'turns',
      commit: currentCommit(),
      config: { layer: 'live', seed, isQuick, ...(network && { network }) },
      machine,
      n: talks,
    }
    const turns = records.flatMap((record) => judgeTurns(record).map(describeTurn))
    const overlaps = records.flatMap((record) => judgeOverlaps(record).map(describeOverlap))
    const unexpected = result.talks.filter(({ record }) => !hasExpectedOutcome(record)).map(describeTalk)
    const rest = {
      unexpected,
      turns,
      overlaps,
      metrics: durations,
      rates,
      means,
      panel,
      speakers,
      duckByVoice,
      notes: result.notes,
      gates: goals,
      verdict,
    }
    await writeFile(json, `${JSON.stringify({ ...head, ...rest }, null, 2)}\n`)
  }
  return exitCodes[verdict]
}

/**
 * Durations as they are at the engine's end of the network: what it can do anything about. Its constant delay is taken off,
 * jitter stays. Everything else is judged where the caller is.
 */
function withoutDelay(metrics: TurnMetrics, records: readonly TalkRecord[], network?: NetworkName): TurnMetrics {
  if (network === undefined) return metrics
  const { delayMs } = networkProfiles[network]
  const later = <Span extends { readonly fromMs: number; readonly toMs: number }>(spans: readonly Span[], ms: number) =>
    spans.map((span) => ({ ...span, fromMs: span.fromMs + ms, toMs: span.toMs + ms }))
  const near = records.map(({ acts, wire, ...record }) => ({
    ...record,
    acts: later(acts, delayMs),
    wire: later(wire, -delayMs),
  }))
  const { durations, means, meanIntervals } = measureTalks(near)
  const hold = means.hold ?? Number.NaN
  return {
    ...metrics,
    durations,
    means: { ...metrics.means, hold },
    meanIntervals: { ...metrics.meanIntervals, hold: meanIntervals.hold ?? [hold, hold] },
  }
}

/** Listening noises that were passed over, and interruptions made way for, by who made them. */
function bySpeaker({ talks }: LiveResult): Record<string, Rate> {
  const of = (kind: 'backchannel' | 'interrupt', isHuman: boolean) =>
    talks
      .filter(({ call }) => call.isHuman === isHuman)
      .flatMap(({ record }) => judgeOverlaps(record))
      .filter(({ act, wasHeard }) => act.kind === kind && wasHeard)
  const kept = (isHuman: boolean) => rateOf(of('backchannel', isHuman), ({ isTaken }) => !isTaken)
  const yielded = (isHuman: boolean) => rateOf(of('interrupt', isHuman), ({ yieldsInTime }) => yieldsInTime)
  return {
    'backchannels ignored, synthetic': kept(false),
    'backchannels ignored, human': kept(true),
    'interruptions yielded to, synthetic': yielded(false),
    'interruptions yielded to, human': yielded(true),
  }
}

/** How soon the assistant is quieter, by the voice that interrupts: detectors hear some later than others. */
function ducksOf({ talks }: LiveResult): Record<string, ReturnType<typeof summarise>> {
  const ducks = new Map<string, number[]>()
  for (const { call, record } of talks)
    for (const { act, duckMs } of judgeOverlaps(record)) {
      if (act.kind !== 'interrupt' || duckMs === null) continue
      const voice = call.isHuman ? 'human' : call.voice
      ducks.set(voice, [...(ducks.get(voice) ?? []), duckMs])
    }
  return Object.fromEntries([...ducks].map(([voice, values]) => [voice, summarise(values)]))
}

/** When each thing of a turn happened, ms after the caller's last word. */
function describeTurn({ record, onsetMs, eosMs, v2vMs, holdMs }: TurnMeasure): object {
  const sinceEos = (ms: number) => Math.round(ms - eosMs)
  const asked = record.utterances.filter(({ isModelCalled, askedAtMs }) => isModelCalled && askedAtMs > onsetMs)
  return {
    id: record.scenario.id,
    v2vMs,
    holdMs,
    asked: asked.map(({ answers, askedAtMs }) => `${sinceEos(askedAtMs)} "${answers}"`),
    endpoints: record.endpointsMs.map(sinceEos),
  }
}

function describeOverlap({ record, act, ...measures }: OverlapMeasure): object {
  const { wasHeard, duckMs, stopMs, resumeMs, chopMs } = measures
  const sound = `${act.kind} ${act.label ?? ''} ${act.text}${act.detail}, ${Math.round(act.toMs - act.fromMs)} ms`
  return { id: record.scenario.id, sound, wasHeard, duckMs, stopMs, resumeMs, chopMs }
}

/** Enough of a talk that went otherwise than expected to see why. */
function describeTalk({ record, call }: LiveResult['talks'][number]): object {
  const { scenario, acts, wire, utterances, problems, endedMs } = record
  const time = ({ fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }) =>
    `${Math.round(fromMs)}-${Math.round(toMs)}`
  return {
    id: scenario.id,
    voice: call.isHuman ? 'human' : call.voice,
    acts: acts.map((act) => `${time(act)} ${act.kind} ${act.label ?? ''} ${act.text}${act.detail}`),
    wire: wire.map((span) => `${time(span)} ${span.utterance}${span.isDucked ? ' ducked' : ''}`),
    replies: utterances.flatMap(({ utterance, answers, sentWords, totalWords }) =>
      answers === null ? [] : [`${utterance}: "${answers}" ${sentWords ?? 'unheard'} of ${totalWords}`],
    ),
    problems,
    endedMs,
  }
}
