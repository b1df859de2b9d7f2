import { type Budget, judge, overall, type Quiet } from '../gates.ts'
import { isClean } from '../probe/machine-noise.ts'
import { networkProfiles } from '../relay/network-profile.ts'
import { currentCommit, describeMachine, type RunReport } from '../results-file.ts'
import { type Summary, summarise, summariseGrowth } from '../statistics.ts'
import { clipTypeOf, clipTypes } from './clip-types.ts'
import { engineBuild } from './engine-process.ts'
import type { LatencyResults } from './latency-bench.ts'
import { cleanRunOf, type LatencyRun } from './latency-plan.ts'
import type { RunResult } from './measure-run.ts'
import type { MeasuredTurn, StageLosses, TurnFault } from './measured-turn.ts'

const lossNames = [
  'uplink',
  'pause',
  'reaction',
  'chunk',
  'downlink',
  'endpoint',
  'release',
] as const satisfies readonly (keyof StageLosses)[]

const none = (name: string, metric: string): Budget => ({ name, metric, quantile: 'count', limit: 0, goal: 0 })
const lossless = [
  none('stale or double responses', 'staleOrDouble'),
  none('missing answers and cut-ins', 'missingOrCutIn'),
]
/** A lost first syllable makes the simulated recogniser late by as much, and answers to it stale: no fault of the engine. */
const lossy = [none('double responses', 'double')]
const isLossless = ({ network = 'clean' }: LatencyRun) => networkProfiles[network].loss === 0

type Budgets = Readonly<Record<string, readonly Budget[]>>

/** One report for each run of the plan, those that could not be made included. */
export function reportRuns({ echo, results, notRunnable }: LatencyResults, budgets: Budgets): readonly RunReport[] {
  const cleanV2V = new Map(results.map((result) => [result.run.id, cleanTurns(result).map((turn) => turn.V2V)]))
  const echoRttMs = echo.rttMs?.p50 ?? Number.NaN
  const reports = results.map((result) => {
    const baseline = cleanV2V.get(cleanRunOf(result.run) ?? '') ?? []
    return reportRun(result, baseline, budgets[result.run.id] ?? [], {
      ...(echo.rttMs && { 'echo.rtt': echo.rttMs }),
      counts: { echoCpuMsPerStreamSecond: echo.cpuMsPerStreamSecond, echoRttMs },
    })
  })
  return [...reports, ...notRunnable.map(({ run, why }) => reportNothing(run, why, budgets[run.id] ?? []))]
}

const cleanTurns = ({ turns, noise }: RunResult) => turns.filter((turn) => isClean(noise, turn.fromNs, turn.toNs))

const configOf = ({ id: _, ...config }: LatencyRun) => ({ ...config, engine: engineBuild })

function reportRun(
  result: RunResult,
  baseline: readonly number[],
  budgets: readonly Budget[],
  echo: { readonly 'echo.rtt'?: Summary; readonly counts: { echoRttMs: number; echoCpuMsPerStreamSecond: number } },
): RunReport {
  const { run, turns, noise, waste } = result
  const clean = cleanTurns(result)
  const quiet: Quiet = { cleanTurns: clean.length, turns: turns.length, usefulShare: noise.usefulShare }
  const metrics = summaries({
    ...metricsOf(result, clean),
    ...(baseline.length > 0 && {
      growth: summariseGrowth(
        clean.map((turn) => turn.V2V),
        baseline,
      ),
    }),
    'echo.rtt': echo['echo.rtt'],
  })
  const faults = (...kinds: readonly TurnFault[]) => result.wrong.filter(({ fault }) => kinds.includes(fault)).length
  const perTurn = (value: number) => value / Math.max(1, turns.length)
  const counts: Readonly<Record<string, number>> = {
    double: faults('double'),
    staleOrDouble: faults('stale', 'double'),
    missingOrCutIn: faults('missing', 'cutIn'),
    boundByHold: turns.filter((turn) => turn.bound === 'hold').length,
    holdsOfThePolicy: turns.filter((turn) => !turn.isHoldAsSet).length,
    modelRequestsPerTurn: perTurn(turns.reduce((sum, turn) => sum + turn.modelRequests, 0)),
    wastedTokensPerTurn: perTurn(waste.tokens),
    unheardSpeechBytesPerTurn: perTurn(waste.speechBytes),
    modelRequestsCancelled: waste.modelRequestsCancelled,
    speechRequestsCancelled: waste.speechRequestsCancelled,
    speechBytesAfterCancel: waste.speechBytesAfterCancel,
    engineCpuMsPerCallSecond: result.engineCpuMsPerCallSecond,
    engineToEchoCpu: result.engineCpuMsPerCallSecond / echo.counts.echoCpuMsPerStreamSecond,
    ownTimeToEchoRtt: (metrics.E?.p50 ?? Number.NaN) / echo.counts.echoRttMs,
    ...echo.counts,
  }
  const gates = [...budgets, ...(isLossless(run) ? lossless : lossy)].map((budget) =>
    judge(budget, counts[budget.metric] ?? metrics[budget.metric], quiet),
  )
  return {
    bench: 'latency',
    id: run.id,
    commit: currentCommit(),
    config: configOf(run),
    machine: describeMachine(noise, result.durationMs),
    n: turns.length,
    clean: clean.length,
    metrics,
    counts,
    gates,
    verdict: overall(gates),
    notes: [
      ...result.wrong.map(({ call, turn, why }) => `WRONG call ${call} turn ${turn} (${clipTypeOf(turn)}): ${why}`),
      ...result.problems.map((line) => `phone: ${line}`),
    ],
    samples: { V2V: clean.map((turn) => Math.round(turn.V2V * 10) / 10).toSorted((a, b) => a - b) },
  }
}

function metricsOf({ turns, greetingsMs, run }: RunResult, clean: readonly MeasuredTurn[]) {
  const metrics: Record<string, Summary | undefined> = {
    'greeting.first': summarise(greetingsMs.slice(0, 1)),
    'greeting.later': summarise(greetingsMs.slice(1)),
  }
  const asSet = clean.filter((turn) => turn.isHoldAsSet)
  // Of turns whose hold is what was set: others are what the policy makes of them.
  metrics['V2V.held'] = summarise(asSet.map((turn) => turn.V2V))
  metrics['V2V-H'] = summarise(asSet.map((turn) => turn.V2V - run.holdMs))
  for (const name of ['V2V', 'H', 'C', 'E', 'S'] as const) {
    metrics[name] = summarise(clean.map((turn) => turn[name]))
    metrics[`all.${name}`] = summarise(turns.map((turn) => turn[name]))
  }
  metrics['E.first'] = summarise(clean.filter(({ turn }) => turn === 1).map(({ E }) => E))
  metrics['E.later'] = summarise(clean.filter(({ turn }) => turn > 1).map(({ E }) => E))
  for (const type of clipTypes) {
    metrics[`V2V.${type}`] = summarise(clean.filter(({ turn }) => clipTypeOf(turn) === type).map(({ V2V }) => V2V))
  }
  if (run.network !== undefined) {
    metrics.network = summarise(clean.map((turn) => turn.networkMs))
    metrics['V2V.line'] = summarise(clean.map((turn) => turn.V2V + turn.networkMs))
  }
  for (const name of lossNames) metrics[`loss.${name}`] = summarise(clean.flatMap((turn) => turn.losses[name] ?? []))
  return metrics
}

function summaries(metrics: Readonly<Record<string, Summary | undefined>>): Record<string, Summary> {
  return Object.fromEntries(
    Object.entries(metrics).filter((entry): entry is [string, Summary] => entry[1] !== undefined),
  )
}

function reportNothing(run: LatencyRun, why: string, budgets: readonly Budget[]): RunReport {
  const quiet = { cleanTurns: 0, turns: 0, usefulShare: 0 }
  const gates = budgets.map((budget) => judge(budget, undefined, quiet))
  return {
    bench: 'latency',
    id: run.id,
    commit: currentCommit(),
    config: configOf(run),
    machine: describeMachine({ usefulShare: 0, stalls: [] }, 0),
    n: 0,
    clean: 0,
    metrics: {},
    counts: {},
    gates,
    verdict: overall(gates),
    notes: [`not runnable: ${why}`],
  }
}
