import { parseArgs } from 'node:util'
import { formatRun } from '../format-run.ts'
import { exitCodes, readBudgets } from '../gates.ts'
import { type NetworkName, networkProfiles } from '../relay/network-profile.ts'
import { resultsOf, writeResults } from '../results-file.ts'
import { type ProfileName, profiles } from '../simulators/profile.ts'
import { runLatency } from './latency-bench.ts'
import { type LatencyMode, type LatencyRun, latencyModes, latencyPlans } from './latency-plan.ts'
import { reportRuns } from './report.ts'

export const latencyUsage = `latency [--quick | --full] [--only ID,ID] [--json FILE]
  --quick         three runs of 10 calls, under 100 s
  --full          everything, under 12 minutes (default)
  --only LIST     of the plan only these runs; network-* needs network-clean for its growth
  one run of its own: any of
  --mode NAME     ${latencyModes.join(', ')}
  --profile NAME  ${Object.keys(profiles).join(', ')}
  --network NAME  ${Object.keys(networkProfiles).join(', ')}
  --hold MS --calls N --turns N`

/** @throws Error for arguments that make no sense, or when the bench itself fails */
export async function latencyCommand(args: readonly string[]): Promise<number> {
  const plan = planOf(args)
  const { json } = parseFlags(args)
  const print = (line: string) => void process.stdout.write(`${line}\n`)
  const results = resultsOf('latency', reportRuns(await runLatency(plan, print), await readBudgets('latency')))
  for (const report of results.runs) print(formatRun(report, 'ms'))
  print(`\nverdict: ${results.verdict === 'pass' ? results.verdict : results.verdict.toUpperCase()}`)
  if (json !== undefined) await writeResults(json, results)
  return exitCodes[results.verdict]
}

function parseFlags(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      only: { type: 'string' },
      json: { type: 'string' },
      mode: { type: 'string' },
      profile: { type: 'string' },
      network: { type: 'string' },
      hold: { type: 'string' },
      calls: { type: 'string' },
      turns: { type: 'string' },
    },
  }).values
}

function planOf(args: readonly string[]): readonly LatencyRun[] {
  const { quick, only, mode, profile, network, hold, calls, turns } = parseFlags(args)
  if ([mode, profile, network, hold, calls, turns].some((flag) => flag !== undefined)) {
    return [
      {
        id: 'own',
        mode: oneOf<LatencyMode>('mode', mode ?? 'speculative', latencyModes),
        profile: oneOf<ProfileName>('profile', profile ?? 'reference', Object.keys(profiles) as ProfileName[]),
        holdMs: wholeNumber(hold ?? '500'),
        calls: wholeNumber(calls ?? '10'),
        turns: wholeNumber(turns ?? '5'),
        ...(network !== undefined && {
          network: oneOf<NetworkName>('network', network, Object.keys(networkProfiles) as NetworkName[]),
        }),
      },
    ]
  }
  const plan = quick ? latencyPlans.quick : latencyPlans.full
  if (only === undefined) return plan
  const ids = only.split(',')
  const unknown = ids.find((id) => !plan.some((run) => run.id === id))
  if (unknown !== undefined) throw new Error(`no run ${unknown}; there are ${plan.map((run) => run.id).join(', ')}`)
  return plan.filter((run) => ids.includes(run.id))
}

function oneOf<T extends string>(what: string, value: string, known: readonly T[]): T {
  const found = known.find((item) => item === value)
  if (found === undefined) throw new Error(`no ${what} ${value}; there are ${known.join(', ')}`)
  return found
}

function wholeNumber(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new Error(`${text} is no positive whole number`)
  return value
}
