import { sleep } from '../monotonic.ts'
import type { NoiseProbes } from '../probe/machine-noise.ts'
import { placeAtRate } from './call-rate.ts'
import type { GatewayProcess } from './gateway.ts'
import { LoadCaller } from './load-caller.ts'
import type { SipPlan } from './sip-plan.ts'
import { type SipRun, servedNumber } from './sip-run.ts'

/** The gateway alone: calls at a steady rate, then many short calls, and what is left after a rest. */
export async function runGateway(
  { answers, short, gatewayRestMs }: SipPlan,
  gateway: GatewayProcess,
  probes: NoiseProbes,
): Promise<readonly SipRun[]> {
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
    noise: await probes.collect(),
  }
  // What is kept of the last calls by design is full before anything is compared.
  await placeAtRate(short.warmUp, short.perS, callOnce)
  await sleep(gatewayRestMs)
  const before = await gateway.usage()
  const repeatsBefore = caller.repeats
  await probes.collect()
  const many = await placeAtRate(short.calls, short.perS, callOnce)
  const noise = await probes.collect()
  const busy = await gateway.usage()
  await sleep(gatewayRestMs)
  const after = await gateway.usage()
  const rested = gatewayRestMs > 0
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
        // Without a rest the transactions are still remembered, as they must be.
        ...(rested && {
          heapBeforeMb: before.heapMb,
          heapAfterMb: after.heapMb,
          heapGrowthMb: after.heapMb - before.heapMb,
          leftFiles: after.openFiles - before.openFiles,
          leftTimers: after.timers - before.timers,
          leftCalls: after.live,
        }),
      },
      noise,
    },
  ]
}
