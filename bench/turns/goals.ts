import type { Verdict } from '../gates.ts'
import type { TurnMetrics } from './turn-metrics.ts'
import type { TurnsBudget } from './turns-budgets.ts'

/** One line of the table of goals. `goal` and `limit` bound from above unless `isFloor`. */
export interface GoalResult {
  readonly name: string
  /** Of the latency design, or of this bench. */
  readonly goal: number
  /** What fails the run: the goal, or what is reached today. */
  readonly limit: number
  /** Why the limit is not the goal. */
  readonly why?: string
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
  readonly goal: number
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

const meanWithin =
  (name: string) =>
  ({ means, meanIntervals }: TurnMetrics) => {
    const measured = exact(means[name])
    return measured && { ...measured, best: meanIntervals[name]?.[0] ?? measured.best }
  }

const ducked = (what: string, goal: number): Goal => {
  const name = `ducked without speech, ${what}`
  return { name, goal, unit: 'share', of: share(name) }
}

const goals: readonly Goal[] = [
  { name: 'cut-ins', goal: 0.05, unit: 'share', of: share('cut-ins') },
  { name: 'mean hold', goal: 550, unit: 'ms', of: meanWithin('hold') },
  { name: 'cut-ins on digits, pauses <= 900 ms', goal: 0, unit: 'share', of: share('cut-ins, digits <= 900 ms') },
  { name: 'response rate', goal: 0.995, isFloor: true, unit: 'share', of: share('response', true) },
  { name: 'gaps over 2 s without filler', goal: 0, unit: 'share', of: share('gaps > 2 s') },
  { name: 'duck p50', goal: 80, unit: 'ms', of: duration('duck', 'p50') },
  { name: 'duck p95', goal: 120, unit: 'ms', of: duration('duck', 'p95') },
  { name: 'commit p95', goal: 450, unit: 'ms', of: duration('stop (commit)', 'p95') },
  { name: 'interruption recall', goal: 0.98, isFloor: true, unit: 'share', of: share('interruption recall', true) },
  { name: 'false commit, backchannel', goal: 0.02, unit: 'share', of: share('false commit, backchannel') },
  { name: 'false commit, noise', goal: 0.01, unit: 'share', of: share('false commit, noise') },
  { name: 'false commit, echo', goal: 0.005, unit: 'share', of: share('false commit, echo') },
  { name: 'false commit, side talk', goal: 0.1, unit: 'share', of: share('false commit, side talk') },
  // Of this bench, for the first signs of a voice that are none: each is a moment of a quieter assistant.
  ...(['door', 'keyboard', 'traffic', 'crackle'] as const).map((kind) => ducked(kind, 0.15)),
  ducked('cough', 0.65),
  ducked('music', 0.6),
  { name: 'ms ducked a line with echo', goal: 200, unit: 'ms', of: meanWithin('ms ducked a line with echo') },
  { name: 'ms ducked a noise', goal: 70, unit: 'ms', of: meanWithin('ms ducked a noise') },
  { name: 'chop', goal: 0.1, unit: 'share', of: share('chop') },
  { name: 'resume p95', goal: 250, unit: 'ms', of: duration('resume', 'p95') },
  { name: 'resume within a word', goal: 0.99, isFloor: true, unit: 'share', of: share('resume within a word', true) },
  {
    name: 'truncation within a word',
    goal: 0.99,
    isFloor: true,
    unit: 'share',
    of: share('truncation within a word', true),
  },
  { name: 'speculation hits', goal: 0.8, isFloor: true, unit: 'share', of: share('speculation hit', true) },
  { name: 'model calls a turn', goal: 1.6, unit: 'number', of: mean('model calls') },
  { name: 'tokens made per token used', goal: 1.5, unit: 'number', of: mean('tokens per token used') },
  {
    name: 'panel: yield rate',
    goal: 0.98,
    isFloor: true,
    unit: 'share',
    of: share('interruption recall', true),
  },
  {
    name: 'panel: backchannels ignored',
    goal: 0.95,
    isFloor: true,
    unit: 'share',
    of: share('backchannels ignored within a second', true),
  },
  { name: 'panel: bot interrupts', goal: 0.05, unit: 'share', of: share('turns with a cut-in') },
]

/** What has to hold as well on lines that the policy was not made with. */
const heldOutGoals = goals
  .filter(({ name }) => name === 'cut-ins' || name === 'mean hold')
  .map((goal) => ({ ...goal, name: `${goal.name}, held out` }))

export const goalNames: readonly string[] = [...goals, ...heldOutGoals].map(({ name }) => name)

/** Each goal against what was measured. A limit fails only when the whole interval misses it. */
export const judgeGoals = (metrics: TurnMetrics, budgets: readonly TurnsBudget[]): GoalResult[] =>
  judge(goals, metrics, budgets)

/** The goals of endpointing against what was measured on held-out lines. */
export const judgeHeldOut = (metrics: TurnMetrics, budgets: readonly TurnsBudget[]): GoalResult[] =>
  judge(heldOutGoals, metrics, budgets)

function judge(judged: readonly Goal[], metrics: TurnMetrics, budgets: readonly TurnsBudget[]): GoalResult[] {
  return judged.map(({ name, goal, isFloor = false, unit, of }) => {
    const { limit = goal, why } = budgets.find((budget) => budget.name === name) ?? {}
    const measured = of(metrics)
    const bounds = { name, goal, limit, isFloor, unit, ...(why !== undefined && { why }) }
    if (!measured) return { ...bounds, value: null, verdict: 'inconclusive' }
    const isMet = isFloor ? measured.best >= limit : measured.best <= limit
    return { ...bounds, value: measured.value, verdict: isMet ? 'pass' : 'fail' }
  })
}
