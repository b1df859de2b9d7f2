import type { Verdict } from '../gates.ts'
import type { TurnMetrics } from './turn-metrics.ts'

/** One line of the table of goals. `limit` bounds from above unless `isFloor`. */
export interface GoalResult {
  readonly name: string
  readonly limit: number
  readonly isFloor: boolean
  readonly value: number | null
  readonly unit: 'ms' | 'share' | 'number'
  readonly verdict: Verdict
}

interface Measured {
  readonly value: number
  /** The end of the interval that favours a pass. */
  readonly best: number
}

interface Goal {
  readonly name: string
  readonly limit: number
  readonly isFloor?: true
  readonly unit: GoalResult['unit']
  readonly of: (metrics: TurnMetrics) => Measured | undefined
}

const duration = (name: string, quantile: 'p50' | 'p95') => (metrics: TurnMetrics) => {
  const summary = metrics.durations[name]
  return summary && { value: summary[quantile], best: summary.ci[quantile][0] }
}

const share =
  (name: string, isFloor = false) =>
  ({ rates }: TurnMetrics) => {
    const measured = rates[name]
    return measured && measured.n > 0 ? { value: measured.share, best: measured.ci[isFloor ? 1 : 0] } : undefined
  }

const mean = (name: string) => (metrics: TurnMetrics) => exact(metrics.means[name])
const exact = (value: number | undefined) =>
  value === undefined || Number.isNaN(value) ? undefined : { value, best: value }

const goals: readonly Goal[] = [
  { name: 'cut-ins', limit: 0.05, unit: 'share', of: share('cut-ins') },
  { name: 'mean hold', limit: 550, unit: 'ms', of: mean('hold') },
  { name: 'cut-ins on digits, pauses <= 900 ms', limit: 0, unit: 'share', of: share('cut-ins, digits <= 900 ms') },
  { name: 'response rate', limit: 0.995, isFloor: true, unit: 'share', of: share('response', true) },
  { name: 'gaps over 2 s without filler', limit: 0, unit: 'share', of: share('gaps > 2 s') },
  { name: 'duck p50', limit: 80, unit: 'ms', of: duration('duck', 'p50') },
  { name: 'duck p95', limit: 120, unit: 'ms', of: duration('duck', 'p95') },
  { name: 'commit p95', limit: 450, unit: 'ms', of: duration('stop (commit)', 'p95') },
  { name: 'interruption recall', limit: 0.98, isFloor: true, unit: 'share', of: share('interruption recall', true) },
  { name: 'false commit, backchannel', limit: 0.02, unit: 'share', of: share('false commit, backchannel') },
  { name: 'false commit, noise', limit: 0.01, unit: 'share', of: share('false commit, noise') },
  { name: 'false commit, echo', limit: 0.005, unit: 'share', of: share('false commit, echo') },
  { name: 'false commit, side talk', limit: 0.1, unit: 'share', of: share('false commit, side talk') },
  { name: 'chop', limit: 0.1, unit: 'share', of: share('chop') },
  { name: 'resume p95', limit: 250, unit: 'ms', of: duration('resume', 'p95') },
  { name: 'resume within a word', limit: 0.99, isFloor: true, unit: 'share', of: share('resume within a word', true) },
  {
    name: 'truncation within a word',
    limit: 0.99,
    isFloor: true,
    unit: 'share',
    of: share('truncation within a word', true),
  },
  { name: 'speculation hits', limit: 0.8, isFloor: true, unit: 'share', of: share('speculation hit', true) },
  { name: 'model calls a turn', limit: 1.6, unit: 'number', of: mean('model calls') },
  { name: 'tokens made per token used', limit: 1.5, unit: 'number', of: mean('tokens per token used') },
  {
    name: 'panel: yield rate',
    limit: 0.98,
    isFloor: true,
    unit: 'share',
    of: ({ panel }) => exact(panel['yield rate']),
  },
  {
    name: 'panel: backchannels ignored',
    limit: 0.95,
    isFloor: true,
    unit: 'share',
    of: ({ panel }) => exact(panel['ignored backchannels']),
  },
  { name: 'panel: bot interrupts', limit: 0.05, unit: 'share', of: ({ panel }) => exact(panel['bot interrupts']) },
]

/** Each goal against what was measured. A goal fails only when its whole interval misses it. */
export function judgeGoals(metrics: TurnMetrics): GoalResult[] {
  return goals.map(({ name, limit, isFloor = false, unit, of }) => {
    const measured = of(metrics)
    if (!measured) return { name, limit, isFloor, unit, value: null, verdict: 'inconclusive' }
    const isMet = isFloor ? measured.best >= limit : measured.best <= limit
    return { name, limit, isFloor, unit, value: measured.value, verdict: isMet ? 'pass' : 'fail' }
  })
}
