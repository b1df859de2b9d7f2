import { readFile } from 'node:fs/promises'
import type { Quantile, Summary } from './statistics.ts'

export type Verdict = 'pass' | 'fail' | 'inconclusive'

/** A limit in `budgets.json`: the upper bound of one quantile of one metric, or of a count. */
export interface Budget {
  readonly name: string
  readonly metric: string
  readonly quantile: Quantile | 'count'
  readonly limit: number
  /** Where the limit is meant to go; the limit may only go down. */
  readonly goal: number
  /** Why the limit is not the goal. */
  readonly why?: string
  /** Of a count: more calls are up at once, and more is kept, where calls are slow; a busy machine proves nothing. */
  readonly needsQuiet?: boolean
}

export interface Gate {
  readonly name: string
  readonly limit: number
  readonly goal: number
  readonly value: number | null
  readonly n: number
  /** 95 % interval of the value. */
  readonly ci?: readonly [number, number]
  readonly verdict: Verdict
  readonly why?: string
}

/** Budgets of a bench by the id of the run. */
export type Budgets = Readonly<Record<string, readonly Budget[]>>

export async function readBudgets(bench: string): Promise<Budgets> {
  const text = await readFile(new URL('budgets.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as Record<string, Budgets>)[bench] ?? {}
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
  if (budget.quantile === 'count' && !budget.needsQuiet) return true
  const isQuiet = quiet.cleanTurns >= minCleanShare * quiet.turns && quiet.usefulShare >= minUsefulShare
  return isQuiet || (budget.quantile === 'p50' && quiet.cleanTurns >= minCleanTurns)
}

/** A gate fails only when the lower end of the interval is beyond the limit. */
export function judge(budget: Budget, measured: Summary | number | undefined, quiet: Quiet): Gate {
  const { name, limit, goal, quantile, why } = budget
  const gate = { name, limit, goal, ...(why === undefined ? {} : { why }) }
  if (measured === undefined) return { ...gate, value: null, n: 0, verdict: 'inconclusive' }
  if (typeof measured === 'number' || quantile === 'count') {
    const value = typeof measured === 'number' ? measured : measured.n
    const beyond = isConclusive(budget, quiet) ? 'fail' : 'inconclusive'
    return { ...gate, value, n: quiet.turns, verdict: value > limit ? beyond : 'pass' }
  }
  const measure = { value: measured[quantile], n: measured.n, ci: measured.ci[quantile] }
  if (!isConclusive(budget, quiet)) return { ...gate, ...measure, verdict: 'inconclusive' }
  return { ...gate, ...measure, verdict: measured.ci[quantile][0] > limit ? 'fail' : 'pass' }
}

/** One failure fails the run; otherwise one gate that could not be judged leaves it open. */
export function overall(gates: readonly { readonly verdict: Verdict }[]): Verdict {
  if (gates.some((gate) => gate.verdict === 'fail')) return 'fail'
  return gates.some((gate) => gate.verdict === 'inconclusive') ? 'inconclusive' : 'pass'
}

export const exitCodes = { pass: 0, fail: 1, harness: 2, inconclusive: 3 } as const
