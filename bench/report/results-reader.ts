import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Verdict } from '../gates.ts'
import type { ResultsFile } from '../results-file.ts'

/** What `bench turns` writes, as far as the page shows it. */
export interface TurnsResults {
  readonly bench: 'turns'
  readonly commit: string
  readonly n: number
  readonly gates: readonly TurnsGoal[]
  /** Curves by their name. */
  readonly frontier?: Readonly<Record<string, { readonly curve: readonly FrontierPoint[] }>>
  readonly panel?: Readonly<Record<string, number | null>>
  readonly verdict: Verdict
}

export interface TurnsGoal {
  readonly name: string
  readonly limit: number
  readonly isFloor: boolean
  readonly value: number | null
  readonly unit: 'ms' | 'share' | 'number'
  readonly verdict: Verdict
}

interface FrontierPoint {
  readonly cutIns: number
  readonly latencyMs: number
}

/** All committed results; a bench that has none is absent. */
export interface AllResults {
  readonly latency?: ResultsFile
  readonly micro?: ResultsFile
  readonly turns?: TurnsResults
}

const directory = fileURLToPath(new URL('../results/', import.meta.url))

/** Reads `bench/results/latency.json`, `micro.json` and `turns.json`. @throws SyntaxError for a file that is no JSON */
export async function readResults(): Promise<AllResults> {
  const present = new Set(await readdir(directory))
  const names = ['latency', 'micro', 'turns'].filter((name) => present.has(`${name}.json`))
  const read = names.map(
    async (name) => [name, JSON.parse(await readFile(`${directory}${name}.json`, 'utf8'))] as const,
  )
  return Object.fromEntries(await Promise.all(read)) as AllResults
}
