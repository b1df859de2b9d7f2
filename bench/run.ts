import { readFile, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { type Budget, exitCodes, overall } from './gates.ts'
import { type LatencyPlan, latencyPlans, runLatency } from './latency/latency-bench.ts'
import { formatMode, reportMode } from './latency/report.ts'
import { profiles } from './simulators/profile.ts'
import { currentCommit } from './turns/current-commit.ts'
import { runTurns, turnsUsage } from './turns/turns-command.ts'

const usage = `Usage: ./scripts/bench latency [--quick] [--json FILE]
  --quick         10 calls of 5 turns per mode, under 90 s (otherwise 10 of 20)
  --json FILE     write the results there
  --holds LIST    VadSilenceTime of each mode, e.g. 300,700 (default 500,300,700)
  --calls N       calls at once
  --turns N       turns of each call
  --profile NAME  reference, fast, slow or jittery providers
${turnsUsage}
Exit codes: 0 pass, 1 a gate failed, 2 the bench itself failed, 3 inconclusive (the machine was too noisy).`

async function main(): Promise<number> {
  if (process.argv[2] === 'turns') return runTurns(process.argv.slice(3))
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      holds: { type: 'string' },
      calls: { type: 'string' },
      turns: { type: 'string' },
      profile: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help || positionals[0] !== 'latency') {
    process.stdout.write(`${usage}\n`)
    return values.help ? exitCodes.pass : exitCodes.harness
  }
  const plan = planOf(values.quick ? latencyPlans.quick : latencyPlans.full, values)
  const budgets = await readBudgets()
  const results = await runLatency(plan, (line) => process.stdout.write(`${line}\n`))
  const reports = results.map((result) => reportMode(result, budgets[result.mode] ?? []))
  const gates = reports.flatMap((report) =>
    report.gates.map((gate) => ({ ...gate, name: `${report.mode} ${gate.name}` })),
  )
  const verdict = overall(gates)
  for (const report of reports) process.stdout.write(`${formatMode(report)}\n`)
  process.stdout.write(`\nverdict: ${verdict === 'pass' ? verdict : verdict.toUpperCase()}\n`)
  if (values.json !== undefined) {
    await writeFile(
      values.json,
      `${JSON.stringify({ ...describeRun(plan), modes: reports, gates, verdict }, null, 2)}\n`,
    )
  }
  return exitCodes[verdict]
}

interface PlanFlags {
  readonly holds?: string | undefined
  readonly calls?: string | undefined
  readonly turns?: string | undefined
  readonly profile?: string | undefined
}

/** @throws Error for a value that is none */
function planOf(preset: LatencyPlan, flags: PlanFlags): LatencyPlan {
  const { holds, calls, turns, profile = preset.profile } = flags
  if (!isProfile(profile)) throw new Error(`no profile ${profile}; there are ${Object.keys(profiles).join(', ')}`)
  return {
    calls: calls === undefined ? preset.calls : wholeNumber(calls),
    turns: turns === undefined ? preset.turns : wholeNumber(turns),
    holdsMs: holds === undefined ? preset.holdsMs : holds.split(',').map(wholeNumber),
    profile,
  }
}

const isProfile = (name: string): name is LatencyPlan['profile'] => name in profiles

function wholeNumber(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new Error(`${text} is no positive whole number`)
  return value
}

async function readBudgets(): Promise<Readonly<Record<string, readonly Budget[]>>> {
  const text = await readFile(new URL('budgets.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { latency: Record<string, Budget[]> }).latency
}

function describeRun(config: object): object {
  const machine = { cores: availableParallelism(), node: process.version }
  return { bench: 'latency', commit: currentCommit(), config, machine }
}

try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(`the bench failed: ${error instanceof Error ? error.stack : String(error)}\n`)
  process.exitCode = exitCodes.harness
}
