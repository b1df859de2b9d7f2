import { execFileSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { dirname } from 'node:path'
import { type Gate, overall, type Verdict } from './gates.ts'
import type { MachineNoise } from './probe/machine-noise.ts'
import type { Summary } from './statistics.ts'

/** What a run was made on. */
export interface Machine {
  readonly cores: number
  readonly node: string
  /** Share of a core that a process which never waits is given; the worst core. */
  readonly usefulShare: number
  readonly stallsPerMin: number
}

/** One measured run. */
export interface RunReport {
  readonly bench: string
  readonly id: string
  readonly commit: string
  readonly config: Readonly<Record<string, unknown>>
  readonly machine: Machine
  readonly n: number
  /** Of `n`: not disturbed by the machine. */
  readonly clean: number
  readonly metrics: Readonly<Record<string, Summary>>
  readonly counts: Readonly<Record<string, number>>
  readonly gates: readonly Gate[]
  readonly verdict: Verdict
  /** What went wrong, a sentence each. */
  readonly notes: readonly string[]
  /** Rounded values behind a metric, rising, where a picture is made of them. */
  readonly samples?: Readonly<Record<string, readonly number[]>>
}

/** What `bench/results/*.json` holds. */
export interface ResultsFile {
  readonly bench: string
  readonly commit: string
  /** Day of the measurement, ISO 8601. */
  readonly measuredOn: string
  readonly runs: readonly RunReport[]
  readonly verdict: Verdict
}

export function resultsOf(bench: string, runs: readonly RunReport[]): ResultsFile {
  const verdict = overall(runs.flatMap((run) => run.gates))
  return { bench, commit: currentCommit(), measuredOn: new Date().toISOString().slice(0, 10), runs, verdict }
}

/** Numbers keep three decimals: more is noise. */
export async function writeResults(path: string, results: ResultsFile): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const tidy = (_key: string, value: unknown) => (typeof value === 'number' ? Math.round(value * 1_000) / 1_000 : value)
  const runs = results.runs.map((run) => `    ${JSON.stringify(run, tidy)}`).join(',\n')
  const { runs: _, ...head } = results
  await writeFile(path, `${JSON.stringify(head, tidy, 2).slice(0, -2)},\n  "runs": [\n${runs}\n  ]\n}\n`)
}

/** `durationMs`: of the time the noise was collected in. */
export function describeMachine(noise: MachineNoise, durationMs: number): Machine {
  return {
    cores: availableParallelism(),
    node: process.version,
    usefulShare: noise.usefulShare,
    stallsPerMin: noise.stalls.length / (Math.max(1, durationMs) / 60_000),
  }
}

let commit: string | undefined

export function currentCommit(): string {
  commit ??= readCommit()
  return commit
}

function readCommit(): string {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    // A copy without its history is no reason not to measure.
    return 'unknown'
  }
}
