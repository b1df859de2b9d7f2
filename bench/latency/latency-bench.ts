import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { calibrateEcho, type EchoCalibration } from '../calibration/echo-process.ts'
import { startProbes } from '../probe/machine-noise.ts'
import { startRelay } from '../relay/relay-process.ts'
import { startProviders } from '../simulators/provider-process.ts'
import { phonePorts, startExchange } from './dialogues.ts'
import { ModeNotRunnable, providerKey, startEngine } from './engine-process.ts'
import { type LatencyMode, type LatencyRun, latencyModes } from './latency-plan.ts'
import { measureRun, type RunResult, type Stage } from './measure-run.ts'

/** `results` in the order in which they were measured. */
export interface LatencyResults {
  readonly echo: EchoCalibration
  readonly results: readonly RunResult[]
  /** Runs whose mode the engine does not know yet, and what it said. */
  readonly notRunnable: readonly { readonly run: LatencyRun; readonly why: string }[]
}

const replyWords = 7
const probeSpinMs = 3_000
const echoStreams = 20
const echoMs = 3_000

/** Runs a plan, one engine for each mode. @throws Error when a process does not start or a call fails */
export async function runLatency(plan: readonly LatencyRun[], log: (line: string) => void): Promise<LatencyResults> {
  await using resources = new AsyncDisposableStack()
  const outDir = await mkdtemp(join(tmpdir(), 'parley-bench-calls-'))
  resources.defer(() => rm(outDir, { recursive: true, force: true }))
  const providers = resources.use(
    await startProviders({ seed: 1, profile: 'reference', script: [], apiKey: providerKey, replyWords }),
  )
  const exchange = resources.use(await startExchange(outDir))
  const relay = resources.use(await startRelay({ seed: 1, network: 'clean', phonePorts }))
  log(`echo of ${echoStreams} streams for ${echoMs / 1_000} s`)
  const echo = await calibrateEcho(echoStreams, echoMs)
  const probes = resources.use(await startProbes(probeSpinMs))
  const stage = { outDir, providers, exchange, relay, probes }
  const results: RunResult[] = []
  const notRunnable: { run: LatencyRun; why: string }[] = []
  for (const mode of latencyModes) {
    const runs = plan.filter((run) => run.mode === mode)
    if (runs.length === 0) continue
    try {
      results.push(...(await runMode(mode, runs, results.length, stage, log)))
    } catch (error) {
      if (!(error instanceof ModeNotRunnable)) throw error
      log(`${mode}: not runnable (${error.message})`)
      notRunnable.push(...runs.map((run) => ({ run, why: error.message })))
    }
  }
  return { echo, results, notRunnable }
}

async function runMode(
  mode: LatencyMode,
  runs: readonly LatencyRun[],
  measuredBefore: number,
  stage: Omit<Stage, 'engine'>,
  log: (line: string) => void,
): Promise<readonly RunResult[]> {
  const concurrentCalls = Math.max(...runs.map((run) => run.calls))
  const { providers, exchange } = stage
  await using engine = await startEngine({ mode, ports: providers.ports, phonePort: exchange.port, concurrentCalls })
  const results: RunResult[] = []
  for (const run of runs) {
    const { profile, holdMs, calls, turns, network } = run
    const via = network === undefined ? '' : ` over ${network}`
    log(`${run.id}: ${mode}, ${profile}, hold ${holdMs} ms, ${calls} calls of ${turns} turns${via}`)
    results.push(await measureRun(run, measuredBefore + results.length, { ...stage, engine }))
  }
  return results
}
