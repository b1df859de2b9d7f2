import { parseArgs } from 'node:util'
import { formatRun } from '../format-run.ts'
import { type Budgets, exitCodes, judge, overall, readBudgets } from '../gates.ts'
import { startProbes } from '../probe/machine-noise.ts'
import {
  currentCommit,
  describeMachine,
  type Machine,
  type RunReport,
  resultsOf,
  writeResults,
} from '../results-file.ts'
import { summarise } from '../statistics.ts'
import { type RateRun, type ReadRun, runCreations, runEchoes, runReads } from './api-runs.ts'
import { startApiServer } from './api-server.ts'

export const apiUsage = `api [--quick] [--json FILE]
  reads with a million calls on record, and CreateAICall; about 3 minutes, --quick (100,000 calls) under a minute`

const plans = {
  full: { calls: 1_000_000, rounds: 150, perS: 25, rateS: 15 },
  quick: { calls: 100_000, rounds: 30, perS: 25, rateS: 4 },
} as const
const probeSpinMs = 1_000
/** CPU time grows, too, where a core is shared: caches are cold each time. */
const leastShare = 0.6

/** @throws Error when a process does not start, or a request fails */
export async function apiCommand(args: readonly string[]): Promise<number> {
  const { quick, json } = parseArgs({
    args: [...args],
    options: { quick: { type: 'boolean', default: false }, json: { type: 'string' } },
  }).values
  const print = (line: string) => void process.stdout.write(`${line}\n`)
  const plan = plans[quick ? 'quick' : 'full']
  const budgets = await readBudgets('api')
  print(`writing ${plan.calls} calls`)
  await using server = await startApiServer(plan.calls)
  await using probes = await startProbes(probeSpinMs)
  const reads = await runReads(server, probes, plan)
  const machine = describeMachine(reads.noise, reads.durationMs)
  const reports = readReports(reads, plan, machine, budgets)
  await probes.collect()
  const echo = await runEchoes(server, plan.rateS)
  const creations = await runCreations(server, plan.rateS)
  reports.push(rateReport(creations, echo, plan, machine, budgets))
  for (const report of reports) print(formatRun(report, 'ms'))
  const results = resultsOf('api', reports)
  print(`\nverdict: ${results.verdict === 'pass' ? results.verdict : results.verdict.toUpperCase()}`)
  if (json !== undefined) await writeResults(json, results)
  return exitCodes[results.verdict]
}

type Plan = (typeof plans)[keyof typeof plans]

/** All reads together, then each kind, then the echo. */
function readReports({ requests }: ReadRun, plan: Plan, machine: Machine, budgets: Budgets): RunReport[] {
  const echo = summarise(requests.filter(({ id, isClean }) => id === 'echo' && isClean).map(({ ms }) => ms))
  const kinds = [...new Set(requests.map(({ id }) => id))].filter((id) => id !== 'echo')
  const report = (id: string, of: (id: string) => boolean): RunReport => {
    const own = requests.filter((request) => of(request.id))
    const clean = own.filter(({ isClean }) => isClean)
    const time = summarise(clean.map(({ ms }) => ms))
    const all = summarise(own.map(({ ms }) => ms))
    const quiet = { cleanTurns: clean.length, turns: own.length, usefulShare: machine.usefulShare }
    const gates = (budgets[id] ?? []).map((budget) => judge(budget, time, quiet))
    return {
      bench: 'api',
      id,
      commit: currentCommit(),
      config: { calls: plan.calls, perS: plan.perS },
      machine,
      n: own.length,
      clean: clean.length,
      metrics: { ...(time && { time }), ...(all && { 'time, all': all }), ...(id === 'reads' && echo && { echo }) },
      counts: time && echo ? { ratioP50: time.p50 / echo.p50, ratioP99: time.p99 / echo.p99 } : {},
      gates,
      verdict: overall(gates),
      notes: [],
    }
  }
  return [report('reads', (id) => id !== 'echo'), ...kinds.map((kind) => report(kind, (id) => id === kind))]
}

function rateReport(made: RateRun, echo: RateRun, plan: Plan, machine: Machine, budgets: Budgets): RunReport {
  const counts = {
    acceptedPerS: made.perS,
    acceptedPerCpuS: 1_000 / made.apiCpuMs,
    apiCpuMs: made.apiCpuMs,
    databaseCpuMs: made.databaseCpuMs,
    echoPerS: echo.perS,
    echoCpuMs: echo.apiCpuMs,
    cpuRatio: made.apiCpuMs / echo.apiCpuMs,
  }
  const quiet = { cleanTurns: made.requests, turns: made.requests, usefulShare: machine.usefulShare }
  const gates = (budgets.creations ?? [])
    .map((budget) => judge(budget, counts[budget.metric as keyof typeof counts], quiet))
    .map((gate) =>
      gate.verdict === 'fail' && machine.usefulShare < leastShare
        ? { ...gate, verdict: 'inconclusive' as const }
        : gate,
    )
  return {
    bench: 'api',
    id: 'creations',
    commit: currentCommit(),
    config: { calls: plan.calls, seconds: plan.rateS },
    machine,
    n: made.requests,
    clean: made.requests,
    metrics: {},
    counts,
    gates,
    verdict: overall(gates),
    notes: [],
  }
}
