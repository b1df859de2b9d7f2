import { parseArgs } from 'node:util'
import { formatRun } from '../format-run.ts'
import { type Budget, exitCodes, judge, overall, readBudgets } from '../gates.ts'
import { currentCommit, describeMachine, type RunReport, resultsOf, writeResults } from '../results-file.ts'
import { summarise } from '../statistics.ts'
import { mediaBenches } from './media-benches.ts'
import { type MicroResult, measureMicro } from './micro-bench.ts'
import { turnBenches } from './turn-benches.ts'

export const microUsage = `micro [--json FILE]
  pieces of the engine against a fixed loop, under 30 s`

/** Rounds whose loop took longer than the quickest by this factor were disturbed. Taste. */
const disturbedFrom = 1.25

/** @throws Error when a bench does not do what it measures */
export async function microCommand(args: readonly string[]): Promise<number> {
  const { json } = parseArgs({ args: [...args], options: { json: { type: 'string' } } }).values
  const print = (line: string) => void process.stdout.write(`${line}\n`)
  const budgets = await readBudgets('micro')
  using ofTurns = turnBenches()
  const runs: RunReport[] = []
  for (const bench of [...(await mediaBenches()), ...ofTurns.benches]) {
    const cpuBefore = process.cpuUsage()
    const fromMs = performance.now()
    const result = await measureMicro(bench)
    const { user, system } = process.cpuUsage(cpuBefore)
    const usefulShare = Math.min(1, (user + system) / 1_000 / (performance.now() - fromMs))
    runs.push(reportMicro(result, usefulShare, performance.now() - fromMs, budgets[bench.name] ?? []))
  }
  const results = resultsOf('micro', runs)
  for (const report of runs) print(formatRun(report, ''))
  print(`\nverdict: ${results.verdict === 'pass' ? results.verdict : results.verdict.toUpperCase()}`)
  if (json !== undefined) await writeResults(json, results)
  return exitCodes[results.verdict]
}

function reportMicro(
  { name, unit, ratios, microseconds, loopNs }: MicroResult,
  usefulShare: number,
  durationMs: number,
  budgets: readonly Budget[],
): RunReport {
  const quickest = Math.min(...loopNs)
  const isQuiet = loopNs.map((ns) => ns < quickest * disturbedFrom)
  const quiet = (values: readonly number[]) => values.filter((_, round) => isQuiet[round])
  const clean = isQuiet.filter(Boolean).length
  const ratio = summarise(quiet(ratios))
  const time = summarise(quiet(microseconds))
  const loop = summarise(quiet(loopNs))
  const gates = budgets.map((budget) => judge(budget, ratio, { cleanTurns: clean, turns: ratios.length, usefulShare }))
  return {
    bench: 'micro',
    id: name,
    commit: currentCommit(),
    config: { unit },
    machine: describeMachine({ usefulShare, stalls: [] }, durationMs),
    n: ratios.length,
    clean,
    metrics: { ...(ratio && { ratio }), ...(time && { µs: time }), ...(loop && { 'loop ns': loop }) },
    counts: {},
    gates,
    verdict: overall(gates),
    notes: [],
  }
}
