import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sleep } from '../monotonic.ts'
import type { MachineNoise, NoiseProbes } from '../probe/machine-noise.ts'
import { startProbes } from '../probe/machine-noise.ts'
import { profiles } from '../simulators/profile.ts'
import { type ProviderProcess, startProviders } from '../simulators/provider-process.ts'
import { type CutClip, cutClip } from './cut-clip.ts'
import { calleeOf, type Exchange, greetingMs, startExchange, witnessTurns } from './dialogues.ts'
import { type EngineProcess, providerKey, startEngine } from './engine-process.ts'
import { createCaller } from './place-calls.ts'
import { type MeasuredTurn, TurnAnalyst, type TurnOutcome } from './turn-analysis.ts'

export interface LatencyPlan {
  readonly calls: number
  readonly turns: number
  /** `VadSilenceTime` of each block of calls. */
  readonly holdsMs: readonly number[]
  readonly profile: keyof typeof profiles
}

export const latencyPlans = {
  quick: { calls: 10, turns: 5, holdsMs: [500, 300, 700], profile: 'reference' },
  full: { calls: 10, turns: 20, holdsMs: [500, 300, 700], profile: 'reference' },
} as const satisfies Record<string, LatencyPlan>

/** What one mode gave. */
export interface ModeResult {
  readonly mode: string
  readonly holdMs: number
  readonly turns: readonly MeasuredTurn[]
  readonly wrong: readonly Extract<TurnOutcome, { kind: 'wrong' }>[]
  readonly greetingsMs: readonly number[]
  readonly problems: readonly string[]
  readonly noise: MachineNoise
}

/** Clips without a pause that `VadSilenceTime` 300 would take for the end. */
const clips = [
  'asterisk8k-en-queue-thankyou.wav',
  'cards-001.wav',
  'asterisk8k-en-cannot-complete-as-dialed.wav',
  'cards-003.wav',
  'cards-002.wav',
]
const replyWords = 7
const speculateAfterMs = 100
/** Longest turn: clip, answer, silences; with room for a slow machine. */
const turnWithinMs = 10_000
const probeSpinMs = 1_000

/** Runs the dialogues of a plan, one engine for all of them. @throws Error when a process does not start or a call fails */
export async function runLatency(plan: LatencyPlan, log: (line: string) => void): Promise<readonly ModeResult[]> {
  await using resources = new AsyncDisposableStack()
  const outDir = await mkdtemp(join(tmpdir(), 'parley-bench-calls-'))
  resources.defer(() => rm(outDir, { recursive: true, force: true }))
  const cut = await Promise.all(clips.map((clip) => cutClip(clip, outDir)))
  const said = Array.from({ length: plan.turns }, (_, turn) => cut[turn % cut.length] as CutClip)
  const providers = resources.use(
    await startProviders({
      seed: 1,
      profile: plan.profile,
      script: said.map((clip) => clip.utterance),
      apiKey: providerKey,
      replyWords,
    }),
  )
  const exchange = resources.use(
    await startExchange(
      said.map((clip) => clip.path),
      outDir,
    ),
  )
  const engine = resources.use(
    await startEngine({ ports: providers.ports, phonePort: exchange.port, concurrentCalls: plan.calls }),
  )
  const probes = resources.use(await startProbes(probeSpinMs))
  const results: ModeResult[] = []
  for (const holdMs of plan.holdsMs) {
    log(`speculative, hold ${holdMs} ms: ${plan.calls} calls of ${plan.turns} turns`)
    results.push(await runMode({ plan, holdMs, providers, exchange, engine, probes }))
  }
  return results
}

interface ModeRun {
  readonly plan: LatencyPlan
  readonly holdMs: number
  readonly providers: ProviderProcess
  readonly exchange: Exchange
  readonly engine: EngineProcess
  readonly probes: NoiseProbes
}

async function runMode({ plan, holdMs, providers, exchange, engine, probes }: ModeRun): Promise<ModeResult> {
  await providers.collect()
  await probes.collect()
  const place = createCaller(engine.httpPort)
  const reporting = exchange.reports(plan.calls, 15_000 + plan.turns * turnWithinMs)
  const callIds: string[] = []
  for (let call = 0; call < plan.calls; call += 1) {
    const callee = calleeOf(call)
    const placed = place({ callee, modelPort: providers.ports.llm, vadSilenceTime: holdMs })
    callIds.push(await Promise.race([placed, failureOf(reporting)]))
    await sleep(137)
  }
  const reports = await reporting.catch((error) => {
    throw new Error(`${(error as Error).message}\n${engine.logTail()}`)
  })
  // The last turn is traced when its answer has been played and the call has ended.
  await sleep(500)
  const [records, noise, traces] = [await providers.collect(), await probes.collect(), await engine.traces()]
  const analyst = new TurnAnalyst(records, { holdMs, speculateAfterMs, idealMs: idealFor(plan.profile, holdMs) })
  const outcomes: TurnOutcome[] = []
  for (const [call, report] of reports) {
    const witnessed = await witnessTurns(call, report)
    for (const turn of witnessed) {
      const trace = traces.find((line) => line.callId === callIds[call] && line.turn === turn.turn)
      outcomes.push(analyst.analyse(turn, trace))
    }
    for (let turn = witnessed.length + 1; turn <= plan.turns; turn += 1) {
      outcomes.push({ kind: 'wrong', call, turn, why: `the call ended before (${report.outcome})` })
    }
  }
  return {
    mode: `speculative-${holdMs}`,
    holdMs,
    turns: outcomes.flatMap((outcome) => (outcome.kind === 'measured' ? [outcome.turn] : [])),
    wrong: outcomes.filter((outcome) => outcome.kind === 'wrong'),
    greetingsMs: [...reports.values()].flatMap((report) => greetingMs(report) ?? []),
    problems: [...reports].flatMap(([call, report]) => report.problems.map((problem) => `call ${call}: ${problem}`)),
    noise,
  }
}

/** Rejects when `promise` does, otherwise never settles. */
const failureOf = (promise: Promise<unknown>) =>
  new Promise<never>((_, reject) => void promise.catch((error: unknown) => reject(error as Error)))

/** `LB_ideal = max(H, max(s, D_p) + D_l + (n-1)/tps + D_t)`. */
function idealFor(name: keyof typeof profiles, holdMs: number): (tokens: number) => number {
  const { partialMs, firstTokenMs, tokensPerSecond, firstAudioMs } = profiles[name]
  return (tokens) => {
    const tokensMs = ((tokens - 1) / tokensPerSecond) * 1_000
    return Math.max(holdMs, Math.max(speculateAfterMs, partialMs) + firstTokenMs + tokensMs + firstAudioMs)
  }
}
