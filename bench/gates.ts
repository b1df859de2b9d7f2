import type { Quantile, Summary } from './statistics.ts'

export type Verdict = 'pass' | 'fail' | 'inconclusive'

/** A limit in `budgets.json`: the upper bound of one quantile of one metric, ms, or of a count. */
export interface Budget {
  readonly name: string
  readonly metric: string
  readonly quantile: Quantile | 'count'
  readonly limit: number
  /** Where the limit is meant to go; the limit may only go down. */
  readonly goal: number
}

export interface Gate {
  readonly name: string
  readonly limit: number
  readonly goal: number
  readonly value: number | null
  readonly verdict: Verdict
}

/** How far the machine let real time be measured. */
export interface Quiet {
  readonly cleanTurns: number
  readonly turns: number
  readonly usefulShare: number
}

const minCleanShare = 0.5
const minUsefulShare = 0.6
const minCleanTurns = 30

/** Tails need a quiet machine; medians only enough clean turns. */
function isConclusive(budget: Budget, quiet: Quiet): boolean {
  if (budget.quantile === 'count') return true
  const isQuiet = quiet.cleanTurns >= minCleanShare * quiet.turns && quiet.usefulShare >= minUsefulShare
  return isQuiet || (budget.quantile === 'p50' && quiet.cleanTurns >= minCleanTurns)
}

/** A gate fails only when the lower end of the interval is beyond the limit. */
export function judge(budget: Budget, measured: Summary | number | undefined, quiet: Quiet): Gate {
  const { name, limit, goal, quantile } = budget
  if (measured === undefined) return { name, limit, goal, value: null, verdict: 'inconclusive' }
  if (typeof measured === 'number' || quantile === 'count') {
    const value = typeof measured === 'number' ? measured : measured.n
    return { name, limit, goal, value, verdict: value > limit ? 'fail' : 'pass' }
  }
  const value = measured[quantile]
  if (!isConclusive(budget, quiet)) return { name, limit, goal, value, verdict: 'inconclusive' }
  return { name, limit, goal, value, verdict: measured.ci[quantile][0] > limit ? 'fail' : 'pass' }
}

/** One failure fails the run; otherwise one gate that could not be judged leaves it open. */
export function overall(gates: readonly Pick<Gate, 'verdict'>[]): Verdict {
  if (gates.some((gate) => gate.verdict === 'fail')) return 'fail'
  return gates.some((gate) => gate.verdict === 'inconclusive') ? 'inconclusive' : 'pass'
}

export const exitCodes = { pass: 0, fail: 1, harness: 2, inconclusive: 3 } as const
