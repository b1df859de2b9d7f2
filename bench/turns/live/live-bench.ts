import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CallReport, type PhoneCall, startPhone } from '@parley/callee'
import { phonePorts, phoneRtpPorts } from '../../latency/dialogues.ts'
import { type EngineProcess, providerKey, startEngine } from '../../latency/engine-process.ts'
import { createCaller } from '../../latency/place-calls.ts'
import { sleep } from '../../monotonic.ts'
import { type MachineNoise, startProbes } from '../../probe/machine-noise.ts'
import { networkProfiles } from '../../relay/network-profile.ts'
import { startRelay } from '../../relay/relay-process.ts'
import { type ProviderProcess, startProviders } from '../../simulators/provider-process.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { TalkRecord } from '../talk-record.ts'
import { type LiveCall, replyWords } from './live-call.ts'
import { drawCalls, type LivePlan } from './live-plan.ts'
import { liveRecord } from './live-record.ts'
import { recognitionProblem, strayWord } from './recognition-problems.ts'
import { loadHumanClips } from './voice-clips.ts'

export interface LiveResult {
  readonly talks: readonly { readonly record: TalkRecord; readonly call: LiveCall }[]
  /** What could not be measured, a sentence each. */
  readonly notes: readonly string[]
  readonly noise: MachineNoise
}

const knobs = { vadSilenceTime: 1_000 }
/** Longest call: greeting, words, answer, and whatever comes over it. */
const callWithinMs = 45_000
const betweenCallsMs = 150

/** Real calls through the engine's own process, in blocks. @throws Error when a process does not start or no call ends */
export async function runLive(
  scenarios: readonly Scenario[],
  plan: LivePlan,
  seed: number,
  log: (line: string) => void,
): Promise<LiveResult> {
  await using resources = new AsyncDisposableStack()
  const outDir = await mkdtemp(join(tmpdir(), 'parley-bench-turns-'))
  resources.defer(() => rm(outDir, { recursive: true, force: true }))
  const human = await loadHumanClips()
  const calls = await drawCalls(scenarios, plan, human.clips, seed)
  const providers = resources.use(
    await startProviders({ seed, profile: 'reference', script: [], apiKey: providerKey, replyWords }),
  )
  const relay = plan.network && resources.use(await startRelay({ seed, network: plan.network, phonePorts }))
  const phone = resources.use(
    await startPhone({
      host: '127.0.0.1',
      port: 0,
      script: (invite) => scriptOf(calls, invite.to),
      outDir,
      seed,
      rtpPorts: phoneRtpPorts,
      rtpVia: (port) => relay?.addressFor(port),
    }),
  )
  const setup = {
    mode: 'adaptive',
    ports: providers.ports,
    phonePort: phone.port,
    concurrentCalls: plan.concurrentCalls,
  } as const
  const engine = resources.use(await startEngine(setup))
  const probes = resources.use(await startProbes(1_000))
  await probes.collect()
  const reports = new Map<number, CallReport>()
  const callIds: string[] = []
  for (let from = 0; from < calls.length; from += plan.concurrentCalls) {
    const block = calls.slice(from, from + plan.concurrentCalls)
    log(`calls ${from + 1} to ${from + block.length} of ${calls.length}`)
    for (const [number, report] of await runBlock(block, from, { engine, providers, phone, callIds }))
      reports.set(number, report)
  }
  // What ends a call is traced when its last answer has been played.
  await sleep(500)
  const records = await providers.collect()
  const models = records.filter((record) => record.kind === 'llm')
  const heard = records.filter((record) => record.kind === 'asr').filter(({ event }) => event === 'wordHeard')
  const traces = await engine.traces()
  const noise = await probes.collect()
  const notes = human.missing.map((line) => `clip ${line}`)
  const ownOf = (number: number) => models.filter((model) => model.systemText?.endsWith(instructions(number)))
  const strays = calls.flatMap((call, number) => strayWord(call, ownOf(number)) ?? [])
  const talks: { record: TalkRecord; call: LiveCall }[] = []
  const isLossy = plan.network !== undefined && networkProfiles[plan.network].loss > 0
  for (const [number, call] of calls.entries()) {
    const report = reports.get(number)
    const own = ownOf(number)
    const problem = report ? recognitionProblem(call, own, { report, models, heard, strays }) : 'the call did not end'
    const ofCall = traces.filter(({ callId }) => callId === callIds[number])
    const record =
      report && !problem ? await liveRecord({ call, report, models: own, traces: ofCall, isLossy }) : undefined
    if (record) talks.push({ record, call })
    else notes.push(`call ${number} (${call.scenario.id}): ${problem ?? report?.outcome ?? 'nothing recorded'}`)
  }
  return { talks, notes, noise }
}

const calleeOf = (call: number) => `001555${String(call).padStart(4, '0')}`
const callOf = (to: string) => Number(/(\d{4})$/.exec(to)?.[1] ?? -1)
const instructions = (call: number) => `You answer call ${call}.`

function scriptOf(calls: readonly LiveCall[], to: string) {
  const call = calls[callOf(to)]
  if (!call) throw new Error(`nobody called ${to}`)
  const codec = callOf(to) % 2 === 0 ? ('pcma' as const) : ('pcmu' as const)
  return { answer: {}, codec, voice: call.voice, steps: [...call.steps] }
}

interface Running {
  readonly engine: EngineProcess
  readonly providers: ProviderProcess
  readonly phone: { nextCall(deadlineMs: number): Promise<PhoneCall> }
  readonly callIds: string[]
}

/** One call after the other, so that the recogniser knows whom it hears. */
async function runBlock(block: readonly LiveCall[], from: number, running: Running): Promise<Map<number, CallReport>> {
  const { engine, providers, phone, callIds } = running
  const place = createCaller(engine.httpPort)
  const placed: PhoneCall[] = []
  for (const [index, { scenario, utterances }] of block.entries()) {
    const call = from + index
    const order = { callee: calleeOf(call), modelPort: providers.ports.llm, greeting: scenario.greeting, ...knobs }
    providers.expect(utterances)
    callIds[call] = await place({ ...order, instructions: instructions(call) })
    placed.push(await phone.nextCall(10_000))
    await sleep(betweenCallsMs)
  }
  const late = setTimeout(() => placed.forEach((call) => void call.hangup()), callWithinMs)
  const ended = await Promise.all(
    placed.map(async (call) => [callOf(call.invite?.to ?? ''), await call.ended] as const),
  )
  clearTimeout(late)
  return new Map(ended)
}
