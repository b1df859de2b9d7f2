import { sleep } from '../monotonic.ts'
import type { NoiseProbes } from '../probe/machine-noise.ts'
import { placeAtRate } from './call-rate.ts'
import type { GatewayProcess } from './gateway.ts'
import { leftFiles } from './left-files.ts'
import { LoadCaller } from './load-caller.ts'
import type { SipPlan } from './sip-plan.ts'
import { type SipRun, servedNumber } from './sip-run.ts'

/** The gateway alone: calls at a steady rate, then many short calls, and what is left after a rest. */
export async function runGateway(
  { answers, short, forgottenMs, gatewayRest }: SipPlan,
  gateway: GatewayProcess,
  probes: NoiseProbes,
): Promise<readonly SipRun[]> {
  const rested = async () => {
    if (gatewayRest === 'skipped') return gateway.usage(forgottenMs)
    await sleep(forgottenMs)
    return gateway.usage()
  }
  await using caller = await LoadCaller.open(gateway.port)
  const callOnce = async () => {
    const call = await caller.call(servedNumber, 9)
    await call.hangup()
    return call
  }
  const held = async () => {
    const call = await caller.call(servedNumber, 9)
    await sleep(answers.heldMs)
    await call.hangup()
    return call
  }
  await placeAtRate(20, answers.perS, callOnce)
  await probes.collect()
  const steady = await placeAtRate(answers.calls, answers.perS, held)
  const steadyRun: SipRun = {
    id: 'answer-gateway',
    calls: answers.calls,
    config: { perS: answers.perS, heldMs: answers.heldMs },
    ...steady,
    spacingsMs: [],
    counts: { failedCalls: steady.failures.length, repeats: caller.repeats },
    notes: [],
    noise: await probes.collect(),
  }
  await placeAtRate(short.warmUp, short.perS, callOnce)
  const before = await rested()
  const repeatsBefore = caller.repeats
  await probes.collect()
  const many = await placeAtRate(short.calls, short.perS, callOnce)
  const noise = await probes.collect()
  const busy = await gateway.usage()
  const after = await rested()
  const files = leftFiles(before.files, after.files)
  return [
    steadyRun,
    {
      id: 'short-gateway',
      calls: short.calls,
      config: { perS: short.perS },
      ...many,
      spacingsMs: [],
      counts: {
        failedCalls: many.failures.length,
        repeats: caller.repeats - repeatsBefore,
        callsPerS: short.calls / (many.durationMs / 1_000),
        cpuMsPerCall: (busy.cpuMs - before.cpuMs) / short.calls,
        dropped: after.dropped + after.malformed,
        heapBusyMb: busy.heapMb,
        heapBeforeMb: before.heapMb,
        heapAfterMb: after.heapMb,
        heapGrowthMb: after.heapMb - before.heapMb,
        leftFiles: files.udpSockets + files.connections + files.others,
        leftTimers: after.timers - before.timers,
        leftCalls: after.live,
      },
      notes: files.names,
      noise,
    },
  ]
}
