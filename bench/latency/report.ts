import { type Budget, type Gate, judge, type Quiet } from '../gates.ts'
import { isClean } from '../probe/machine-noise.ts'
import { type Summary, summarise } from '../statistics.ts'
import type { ModeResult } from './latency-bench.ts'
import type { MeasuredTurn, StageLosses } from './turn-analysis.ts'

export interface ModeReport {
  readonly mode: string
  readonly turns: number
  readonly cleanTurns: number
  readonly usefulShare: number
  readonly stallsPerMinute: number
  readonly boundByHold: number
  readonly modelRequestsPerTurn: number
  readonly wastedTokensPerTurn: number
  /** Of clean turns; `all.` of every turn. */
  readonly metrics: Readonly<Record<string, Summary | undefined>>
  readonly wrong: readonly string[]
  readonly problems: readonly string[]
  readonly gates: readonly Gate[]
}

const lossNames = [
  'uplink',
  'pause',
  'reaction',
  'chunk',
  'downlink',
  'endpoint',
  'release',
] as const satisfies readonly (keyof StageLosses)[]

/** Held in every mode, whatever else is. */
const noneWrong: Budget = { name: 'wrong responses', metric: 'wrong', quantile: 'count', limit: 0, goal: 0 }

export function reportMode(result: ModeResult, budgets: readonly Budget[]): ModeReport {
  const { turns, noise } = result
  const clean = turns.filter((turn) => isClean(noise, turn.fromNs, turn.toNs))
  const quiet: Quiet = { cleanTurns: clean.length, turns: turns.length, usefulShare: noise.usefulShare }
  const metrics: Record<string, Summary | undefined> = { greeting: summarise(result.greetingsMs) }
  for (const name of ['V2V', 'H', 'C', 'E', 'S'] as const) {
    metrics[name] = summarise(clean.map((turn) => turn[name]))
    metrics[`all.${name}`] = summarise(turns.map((turn) => turn[name]))
  }
  metrics['V2V-H'] = summarise(clean.map((turn) => turn.V2V - result.holdMs))
  for (const name of lossNames) metrics[`loss.${name}`] = summarise(clean.flatMap((turn) => turn.losses[name] ?? []))
  const counts: Readonly<Record<string, number>> = { wrong: result.wrong.length }
  return {
    mode: result.mode,
    turns: turns.length,
    cleanTurns: clean.length,
    usefulShare: noise.usefulShare,
    stallsPerMinute: noise.stalls.length / (durationNs(turns) / 60e9),
    boundByHold: turns.filter((turn) => turn.bound === 'hold').length,
    modelRequestsPerTurn: mean(turns, (turn) => turn.modelRequests),
    wastedTokensPerTurn: mean(turns, (turn) => turn.wastedTokens),
    metrics,
    wrong: result.wrong.map(({ call, turn, why }) => `call ${call} turn ${turn}: ${why}`),
    problems: result.problems,
    gates: [...budgets, noneWrong].map((budget) =>
      judge(budget, counts[budget.metric] ?? metrics[budget.metric], quiet),
    ),
  }
}

function durationNs(turns: readonly MeasuredTurn[]): number {
  return Math.max(1, Math.max(...turns.map((turn) => turn.toNs)) - Math.min(...turns.map((turn) => turn.fromNs)))
}

function mean(turns: readonly MeasuredTurn[], of: (turn: MeasuredTurn) => number): number {
  return turns.length === 0 ? 0 : turns.reduce((sum, turn) => sum + of(turn), 0) / turns.length
}

/** The short table people read. */
export function formatMode(report: ModeReport): string {
  const share = `${(100 * report.usefulShare).toFixed(0)} % useful CPU`
  const head = `\n${report.mode}: ${report.turns} turns, ${report.cleanTurns} clean, ${share}, ${report.boundByHold} bound by hold, ${report.modelRequestsPerTurn.toFixed(2)} model requests and ${report.wastedTokensPerTurn.toFixed(1)} wasted tokens a turn`
  const rows = Object.entries(report.metrics).flatMap(([name, summary]) => (summary ? [formatRow(name, summary)] : []))
  const gates = report.gates.map(formatGate)
  const wrong = report.wrong.map((line) => `  WRONG ${line}`)
  return [head, formatHead(), ...rows, ...wrong, ...report.problems.map((line) => `  phone: ${line}`), ...gates].join(
    '\n',
  )
}

const cell = (value: number) => value.toFixed(1).padStart(8)

const formatHead = () =>
  `  ${'ms'.padEnd(16)}${['n', 'p50', 'p90', 'p95', 'p99', 'max'].map((name) => name.padStart(8)).join('')}  p50 95 % CI`

function formatRow(name: string, summary: Summary): string {
  const { n, p50, p90, p95, p99, max, ci } = summary
  const values = [p50, p90, p95, p99, max].map(cell).join('')
  return `  ${name.padEnd(16)}${String(n).padStart(8)}${values}  ${ci.p50.map((value) => value.toFixed(1)).join(' – ')}`
}

function formatGate({ name, limit, goal, value, verdict }: Gate): string {
  const shown = verdict === 'pass' ? 'pass' : verdict.toUpperCase()
  return `  gate ${name.padEnd(18)} ${value === null ? '-' : value.toFixed(1)} of ${limit} (goal ${goal}): ${shown}`
}
