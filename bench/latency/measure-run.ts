import type { CallReport } from '@parley/callee'
import { monotonicNs, nsPerMs, sleep } from '../monotonic.ts'
import type { MachineNoise, NoiseProbes } from '../probe/machine-noise.ts'
import type { RelayProcess } from '../relay/relay-process.ts'
import { type ProfileName, profiles } from '../simulators/profile.ts'
import type { ProviderProcess } from '../simulators/provider-process.ts'
import type { SimulatedUtterance } from '../simulators/script.ts'
import { clipTypeOf, cutClips } from './clip-types.ts'
import type { CutClip } from './cut-clip.ts'
import { calleeOf, type Exchange, greetingMs, witnessTurns } from './dialogues.ts'
import type { EngineProcess } from './engine-process.ts'
import type { LatencyRun } from './latency-plan.ts'
import type { MeasuredTurn, TurnOutcome, WitnessedTurn } from './measured-turn.ts'
import { NetworkDelays, readPhonePackets } from './network-delays.ts'
import { createCaller } from './place-calls.ts'
import { handsOver } from './second-desk.ts'
import { type ReferenceDelays, TurnAnalyst } from './turn-analysis.ts'
import { sumWaste, type Waste } from './waste.ts'

/** The processes of a bench, all but the engine started once. */
export interface Stage {
  readonly outDir: string
  readonly providers: ProviderProcess
  readonly exchange: Exchange
  readonly engine: EngineProcess
  readonly relay: RelayProcess
  readonly probes: NoiseProbes
}

/** What one run gave. */
export interface RunResult {
  readonly run: LatencyRun
  readonly turns: readonly MeasuredTurn[]
  readonly wrong: readonly Extract<TurnOutcome, { kind: 'wrong' }>[]
  /** Answer to first sound, in the order of the calls; no greeting of a run was ever said before. */
  readonly greetingsMs: readonly number[]
  readonly waste: Waste
  readonly problems: readonly string[]
  readonly noise: MachineNoise
  readonly durationMs: number
  /** CPU time of the engine for one second of one call, from the first INVITE to the last BYE. */
  readonly engineCpuMsPerCallSecond: number
}

const speculateAfterMs = 100
/** Longest turn: clip, answer, silences; with room for a slow machine. */
const turnWithinMs = 10_000
/** Between two calls: seven of them do not fall on the same place of the 20 ms. */
const staggerMs = 137
const numbers = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve']

/** Places the calls of a run and follows every turn. @throws Error when a call cannot be placed or never ends */
export async function measureRun(run: LatencyRun, index: number, stage: Stage): Promise<RunResult> {
  const { providers, exchange, engine, relay, probes } = stage
  const clips = await cutClips(run.holdMs, stage.outDir)
  const said = Array.from({ length: run.turns }, (_, turn) => clips.get(clipTypeOf(turn + 1)) as CutClip)
  providers.configure({ profile: run.profile, script: scriptOf(run, said) })
  if (run.network) relay.configure(run.network, index + 1)
  exchange.plan({ clips: said.map((clip) => clip.path), ...(run.network && { via: relay.addressFor }) })
  await Promise.all([providers.collect(), probes.collect(), relay.collect()])
  const [fromNs, cpuMs] = [monotonicNs(), await engine.cpuMs()]
  const { callIds, reports } = await placeCalls(run, `Hello number ${numbers[index % numbers.length]}`, stage)
  const usedMs = (await engine.cpuMs()) - cpuMs
  // The last turn is traced when its answer has been played and the call has ended.
  await sleep(500)
  const [records, noise, traces] = [await providers.collect(), await probes.collect(), await engine.traces()]
  const delays = new NetworkDelays(await relay.collect())
  const reference = { holdMs: run.holdMs, speculateAfterMs, idealMs: idealFor(run.profile) }
  const analyst = new TurnAnalyst(records, reference, run.network !== undefined && run.network !== 'clean')
  const outcomes: TurnOutcome[] = []
  const isHandOver = run.mode === 'hand-over'
  const heard = new Set<number>()
  for (const [call, report] of reports) {
    const witnessed = await witness(run, call, report, delays)
    for (const turn of witnessed) {
      for (const word of turn.words) heard.add(word.response)
      const trace = traces.find((line) => line.callId === callIds[call] && line.turn === turn.turn)
      const isLast = turn.turn === run.turns
      const outcome = isHandOver && isLast ? analyst.analyseHandOver(turn, trace) : analyst.analyse(turn, trace)
      // The turns before a hand-over are as in other runs: only what goes wrong in them is told.
      if (!isHandOver || isLast || outcome.kind === 'wrong') outcomes.push(outcome)
    }
    for (let turn = witnessed.length + 1; turn <= run.turns; turn += 1) {
      outcomes.push({ kind: 'wrong', fault: 'missing', call, turn, why: `the call ended before (${report.outcome})` })
    }
  }
  return {
    run,
    turns: outcomes.flatMap((outcome) => (outcome.kind === 'measured' ? [outcome.turn] : [])),
    wrong: outcomes.filter((outcome) => outcome.kind === 'wrong'),
    greetingsMs: [...reports].toSorted(([a], [b]) => a - b).flatMap(([, report]) => greetingMs(report) ?? []),
    waste: sumWaste(records, heard),
    problems: [...reports].flatMap(([call, report]) => report.problems.map((problem) => `call ${call}: ${problem}`)),
    noise,
    durationMs: (monotonicNs() - fromNs) / nsPerMs,
    engineCpuMsPerCallSecond: usedMs / callSeconds([...reports.values()]),
  }
}

function scriptOf(run: LatencyRun, said: readonly CutClip[]): readonly SimulatedUtterance[] {
  const script = said.map(({ utterance }) => utterance)
  const last = script.at(-1)
  return run.mode === 'hand-over' && last ? [...script.slice(0, -1), { ...last, reaction: handsOver }] : script
}

async function placeCalls(run: LatencyRun, greeting: string, { engine, exchange, providers }: Stage) {
  const place = createCaller(engine.httpPort)
  const reporting = exchange.reports(run.calls, 15_000 + run.calls * staggerMs + run.turns * turnWithinMs)
  const callIds: string[] = []
  for (let call = 0; call < run.calls; call += 1) {
    const order = { callee: calleeOf(call), modelPort: providers.ports.llm, vadSilenceTime: run.holdMs, greeting }
    const mayHandOver = run.mode === 'hand-over'
    callIds.push(await Promise.race([place({ ...order, mayHandOver }), failureOf(reporting)]))
    await sleep(staggerMs)
  }
  const reports = await reporting.catch((error) => {
    throw new Error(`${(error as Error).message}\n${engine.logTail()}`)
  })
  return { callIds, reports }
}

async function witness(run: LatencyRun, call: number, report: CallReport, delays: NetworkDelays) {
  const turns: readonly WitnessedTurn[] = await witnessTurns(call, report)
  if (run.network === undefined || report.packetsPath === undefined) return turns
  const packets = await readPhonePackets(report.packetsPath)
  return turns.map((turn) => delays.onOurSide(turn, packets))
}

function callSeconds(reports: readonly CallReport[]): number {
  const ns = reports.reduce(
    (sum, { answeredAtNs, startedAtNs, endedAtNs }) => sum + endedAtNs - (answeredAtNs ?? startedAtNs),
    0,
  )
  return Math.max(1, ns / 1e9)
}

/** Rejects when `promise` does, otherwise never settles. */
const failureOf = (promise: Promise<unknown>) =>
  new Promise<never>((_, reject) => void promise.catch((error: unknown) => reject(error as Error)))

/** `LB_ideal = max(H, max(s, D_p) + D_l + (n-1)/tps + D_t)`. */
function idealFor(name: ProfileName): ReferenceDelays['idealMs'] {
  const { partialMs, firstTokenMs, tokensPerSecond, firstAudioMs } = profiles[name]
  return (tokens, holdMs) => {
    const speechMs = tokens === null ? 0 : ((tokens - 1) / tokensPerSecond) * 1_000 + firstAudioMs
    return Math.max(holdMs, Math.max(speculateAfterMs, partialMs) + firstTokenMs + speechMs)
  }
}
