import { readdir, readFile, readlink } from 'node:fs/promises'
import type { EngineProcess } from '../latency/engine-process.ts'
import { sleep } from '../monotonic.ts'
import type { MachineNoise, NoiseProbes } from '../probe/machine-noise.ts'
import { placeAtRate } from './call-rate.ts'
import { LoadCaller } from './load-caller.ts'
import { RtpLeg, RtpPacer } from './rtp-legs.ts'
import type { SipPlan } from './sip-plan.ts'
import { type SipRun, servedNumber } from './sip-run.ts'

/** The same with everything behind the gateway: media, recogniser, model and voice for each call. */
export async function runEngineAnswers(
  { answers, engineRestMs }: SipPlan,
  engine: EngineProcess,
  probes: NoiseProbes,
): Promise<SipRun> {
  await using caller = await LoadCaller.open(engine.sipPort)
  using pacer = new RtpPacer()
  const one = () => talk(caller, pacer, answers.heldMs)
  // Connections to providers are kept for the next call; as many as calls are up at once.
  await placeAtRate(answers.perS * 3, answers.perS, one)
  await sleep(engineRestMs)
  const [before, cpuMs] = [await usageOf(engine.pid), await engine.cpuMs()]
  await probes.collect()
  const rate = await placeAtRate(answers.engineCalls, answers.perS, one)
  const noise = await probes.collect()
  const usedMs = (await engine.cpuMs()) - cpuMs
  await sleep(engineRestMs)
  const after = await usageOf(engine.pid)
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
      leftFiles: after.openFiles - before.openFiles,
      leftUdpSockets: after.udpSockets - before.udpSockets,
      rssBeforeMb: before.rssMb,
      rssAfterMb: after.rssMb,
    },
    noise,
  }
}

/** So many calls up together, and how evenly their audio comes. */
export async function runAtOnce({ atOnce }: SipPlan, engine: EngineProcess, probes: NoiseProbes): Promise<SipRun> {
  await using caller = await LoadCaller.open(engine.sipPort)
  using pacer = new RtpPacer()
  const legs: RtpLeg[] = []
  const rampMs = (atOnce.calls / atOnce.perS) * 1_000
  let cpuMs = 0
  let noise: MachineNoise = { usefulShare: 1, stalls: [] }
  const begin = async () => {
    // All are up and have been greeted.
    await sleep(rampMs + 2_000)
    for (const leg of legs) leg.startNoting()
    cpuMs = await engine.cpuMs()
    await probes.collect()
    await sleep(atOnce.heldMs)
    for (const leg of legs) leg.stopNoting()
    cpuMs = (await engine.cpuMs()) - cpuMs
    noise = await probes.collect()
  }
  const noting = begin()
  const rate = await placeAtRate(atOnce.calls, atOnce.perS, async () => {
    const call = await talk(caller, pacer, () => noting, legs)
    return call
  })
  await noting
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
    },
    noise,
    durationMs: atOnce.heldMs,
  }
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

interface ProcessUsage {
  readonly openFiles: number
  readonly udpSockets: number
  readonly rssMb: number
}

/** @see proc(5) */
async function usageOf(pid: number): Promise<ProcessUsage> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const rssKb = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0)
  const table = await readFile('/proc/net/udp', 'latin1')
  const udp = new Set(table.split('\n').map((line) => line.trim().split(/\s+/)[9]))
  const files = await readdir(`/proc/${pid}/fd`)
  const targets = await Promise.all(files.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')))
  const inodes = targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? [])
  return {
    openFiles: files.length,
    udpSockets: inodes.filter((inode) => udp.has(inode)).length,
    rssMb: rssKb / 1_000,
  }
}
