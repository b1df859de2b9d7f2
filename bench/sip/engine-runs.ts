import { readFile } from 'node:fs/promises'
import { answerOf } from '../child-answer.ts'
import type { EngineProcess } from '../latency/engine-process.ts'
import { sleep } from '../monotonic.ts'
import type { MachineNoise, NoiseProbes } from '../probe/machine-noise.ts'
import { placeAtRate } from './call-rate.ts'
import { leftFiles } from './left-files.ts'
import { LoadCaller } from './load-caller.ts'
import type { ProcessUsage } from './process-usage.ts'
import { RtpLeg, RtpPacer } from './rtp-legs.ts'
import type { SipPlan } from './sip-plan.ts'
import { type SipRun, servedNumber } from './sip-run.ts'
import type { UsageReport } from './usage-agent.ts'

/**
 * The same with everything behind the gateway: media, recogniser, model and voice for each call. `peers`: who listens at
 * which port.
 */
export async function runEngineAnswers(
  { answers, engineRestMs, forgottenMs }: SipPlan,
  engine: EngineProcess,
  probes: NoiseProbes,
  peers: Readonly<Record<number, string>>,
): Promise<SipRun> {
  await using caller = await LoadCaller.open(engine.sipPort)
  using pacer = new RtpPacer()
  const one = () => talk(caller, pacer, answers.heldMs)
  // Connections to providers are kept for the next call; as many as calls are up at once.
  const upAtOnce = Math.ceil((answers.heldMs / 1_000 + 1) * answers.perS)
  await placeAtRate(upAtOnce, answers.perS, one)
  await sleep(engineRestMs)
  const before = await usageOf(engine)
  // A collection that is asked for throws compiled code away.
  await placeAtRate(answers.perS, answers.perS, one)
  const cpuMs = await engine.cpuMs()
  await probes.collect()
  const rate = await placeAtRate(answers.engineCalls, answers.perS, one)
  const noise = await probes.collect()
  const usedMs = (await engine.cpuMs()) - cpuMs
  await sleep(engineRestMs)
  const after = await usageOf(engine)
  const files = leftFiles(before.files, after.files, peers)
  return {
    id: 'answer-engine',
    calls: answers.engineCalls,
    config: { perS: answers.perS, heldMs: answers.heldMs },
    ...rate,
    spacingsMs: [],
    counts: {
      failedCalls: rate.failures.length,
      repeats: caller.repeats,
      cores: usedMs / rate.durationMs,
      leftUdpSockets: files.udpSockets,
      leftConnections: files.connections,
      leftFiles: files.others,
      ...(engineRestMs >= forgottenMs && { leftTimers: after.timers - before.timers }),
      heapBeforeMb: before.heapMb,
      heapAfterMb: after.heapMb,
      heapGrowthMb: after.heapMb - before.heapMb,
      rssBeforeMb: before.rssMb,
      rssAfterMb: after.rssMb,
    },
    notes: files.names,
    noise,
  }
}

const countedAfterMs = 1_000

/** So many calls up together, and how evenly their audio comes. */
export async function runAtOnce({ atOnce }: SipPlan, engine: EngineProcess, probes: NoiseProbes): Promise<SipRun> {
  await using caller = await LoadCaller.open(engine.sipPort)
  using pacer = new RtpPacer()
  const legs: RtpLeg[] = []
  const rampMs = (atOnce.calls / atOnce.perS) * 1_000
  let cpuMs = 0
  let callersCpuMs = 0
  let noise: MachineNoise = { usefulShare: 1, stalls: [] }
  const lateBefore = await latePackets(engine)
  const begin = async () => {
    // All are up and have been greeted.
    await sleep(rampMs + 2_000)
    for (const leg of legs) leg.startNoting()
    cpuMs = await engine.cpuMs()
    callersCpuMs = ownCpuMs()
    await probes.collect()
    await sleep(atOnce.heldMs)
    for (const leg of legs) leg.stopNoting()
    cpuMs = (await engine.cpuMs()) - cpuMs
    callersCpuMs = ownCpuMs() - callersCpuMs
    noise = await probes.collect()
  }
  const noting = begin()
  const rate = await placeAtRate(atOnce.calls, atOnce.perS, async () => {
    const call = await talk(caller, pacer, () => noting, legs)
    return call
  })
  await noting
  // The engine counts a call's packets once the call is over.
  await sleep(countedAfterMs)
  const received = legs.reduce((sum, leg) => sum + leg.received, 0)
  return {
    id: 'at-once',
    calls: atOnce.calls,
    config: { perS: atOnce.perS, heldMs: atOnce.heldMs },
    answers: rate.answers,
    failures: rate.failures,
    spacingsMs: legs.flatMap(({ spacingsMs }) => spacingsMs),
    counts: {
      failedCalls: rate.failures.length,
      packets: received,
      lost: legs.reduce((sum, leg) => sum + leg.lost, 0),
      missingShare: 1 - received / (atOnce.calls * (atOnce.heldMs / 20)),
      cores: cpuMs / atOnce.heldMs,
      coresOfCallers: callersCpuMs / atOnce.heldMs,
      sentLate: (await latePackets(engine)) - lateBefore,
    },
    notes: [],
    noise,
    durationMs: atOnce.heldMs,
  }
}

/** Packets of calls that are over which the engine itself knows to have sent more than a frame late. */
async function latePackets({ httpPort }: EngineProcess): Promise<number> {
  const metrics = await (await fetch(`http://127.0.0.1:${httpPort}/metrics`)).text()
  return Number(/^parley_media_late_ticks_total (\d+)$/m.exec(metrics)?.[1] ?? 0)
}

function ownCpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

/** One call with audio both ways, hung up after `heldMs` or when `heldMs()` resolves. */
async function talk(caller: LoadCaller, pacer: RtpPacer, held: number | (() => Promise<void>), legs?: RtpLeg[]) {
  const leg = await RtpLeg.open()
  try {
    const call = await caller.call(servedNumber, leg.port)
    await leg.talkTo(call.mediaPort)
    pacer.add(leg)
    legs?.push(leg)
    await (typeof held === 'number' ? sleep(held) : held())
    await call.hangup()
    return call
  } finally {
    pacer.remove(leg)
    leg.close()
  }
}

/** @see proc(5) for the resident size */
async function usageOf({ process, pid }: EngineProcess): Promise<ProcessUsage & { readonly rssMb: number }> {
  const usage = answerOf<UsageReport, 'usage'>(process, 'usage')
  process.send('usage')
  const { heapMb, timers, files } = await usage
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return { heapMb, timers, files, rssMb: Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1_000 }
}
