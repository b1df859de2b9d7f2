import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Verdict } from '../gates.ts'
import type { ResultsFile } from '../results-file.ts'
import type { GoalResult } from '../turns/goals.ts'

/** What `bench turns` writes, as far as the page shows it. */
export interface TurnsResults {
  readonly bench: 'turns'
  readonly commit: string
  readonly config: { readonly layer: 'virtual' | 'live'; readonly network?: string; readonly isQuick?: boolean }
  readonly machine: { readonly usefulShare?: number }
  readonly n: number
  readonly gates: readonly GoalResult[]
  /** Curves by their name. */
  readonly frontier?: Readonly<Record<string, { readonly curve: readonly FrontierPoint[] }>>
  readonly panel?: Readonly<Record<string, number | null>>
  /** Of the live layer: shares by who spoke, and how soon the assistant was quieter, by voice. */
  readonly speakers?: Readonly<Record<string, { readonly hits: number; readonly n: number }>>
  readonly duckByVoice?: Readonly<Record<string, { readonly n: number; readonly p50: number; readonly p95: number }>>
  readonly rates?: Readonly<Record<string, { readonly hits: number; readonly n: number }>>
  readonly metrics?: Readonly<
    Record<string, { readonly n: number; readonly p50: number; readonly p95: number; readonly p99: number }>
  >
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
  readonly sip?: ResultsFile
  readonly api?: ResultsFile
  readonly turns?: TurnsResults
  readonly 'turns-live'?: TurnsResults
  /** Real calls through simulated networks. */
  readonly 'turns-live-wifi'?: TurnsResults
  readonly 'turns-live-mobile'?: TurnsResults
  readonly 'turns-live-bad'?: TurnsResults
}

const directory = fileURLToPath(new URL('../results/', import.meta.url))

const names = [
  'latency',
  'micro',
  'sip',
  'api',
  'turns',
  'turns-live',
  'turns-live-wifi',
  'turns-live-mobile',
  'turns-live-bad',
]

/** Reads what is there of `bench/results`. @throws SyntaxError for a file that is no JSON */
export async function readResults(): Promise<AllResults> {
  const present = new Set(await readdir(directory))
  const read = names
    .filter((name) => present.has(`${name}.json`))
    .map(async (name) => [name, JSON.parse(await readFile(`${directory}${name}.json`, 'utf8'))] as const)
  return Object.fromEntries(await Promise.all(read)) as AllResults
}
