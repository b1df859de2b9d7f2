import { monotonicNs, nsPerMs, sleep } from '../monotonic.ts'
import { isClean, type MachineNoise, type NoiseProbes } from '../probe/machine-noise.ts'
import { SeededRandom } from '../seeded-random.ts'
import { application } from './api-protocol.ts'
import type { ApiServer } from './api-server.ts'
import { readPlan } from './read-plan.ts'
import { SignedClient } from './signed-client.ts'

/** One request. */
interface Timed {
  readonly id: string
  readonly ms: number
  readonly isClean: boolean
}

export interface ReadRun {
  readonly requests: readonly Timed[]
  readonly noise: MachineNoise
  readonly durationMs: number
}

/** Each kind in turn and an echo after each, `perS` requests a second, whatever the answers take. */
export async function runReads(
  server: ApiServer,
  probes: NoiseProbes,
  plan: { readonly calls: number; readonly rounds: number; readonly perS: number },
): Promise<ReadRun> {
  using client = new SignedClient(server.apiPort)
  using echo = new SignedClient(server.echoPort)
  const reads = readPlan(server.sample, plan.calls, new SeededRandom(1))
  // Connections, plans of statements, counts of hours: what only the first requests after a start pay.
  for (let round = 0; round < 12; round += 1) for (const { ask } of reads) await ask(client)
  await probes.collect()
  const spans: { readonly id: string; readonly fromNs: number; readonly toNs: number }[] = []
  const startNs = monotonicNs()
  const running: Promise<void>[] = []
  const time = async (id: string, ask: () => Promise<unknown>) => {
    const fromNs = monotonicNs()
    await ask()
    spans.push({ id, fromNs, toNs: monotonicNs() })
  }
  for (let index = 0; index < plan.rounds * reads.length; index += 1) {
    await sleep(Math.max(0, (index * 1_000) / plan.perS - (monotonicNs() - startNs) / nsPerMs))
    const read = reads[index % reads.length]
    if (read)
      running.push(time(read.id, () => read.ask(client)).then(() => time('echo', () => echo.echo('{"ping":1}'))))
  }
  await Promise.all(running)
  const noise = await probes.collect()
  const requests = spans.map(({ id, fromNs, toNs }) => ({
    id,
    ms: (toNs - fromNs) / nsPerMs,
    isClean: isClean(noise, fromNs, toNs),
  }))
  return { requests, noise, durationMs: (monotonicNs() - startNs) / nsPerMs }
}

/** Requests of one kind as fast as they are answered, 32 at a time. */
export interface RateRun {
  readonly perS: number
  /** CPU time of the server's process for each request; of the database beside it. */
  readonly apiCpuMs: number
  readonly databaseCpuMs: number
  readonly requests: number
}

const atOnce = 32

/** `CreateAICall` accepted: signed, checked, queued, given a line and marked as dialled. */
export async function runCreations(server: ApiServer, seconds: number): Promise<RateRun> {
  using client = new SignedClient(server.apiPort)
  let made = 0
  const create = async () => {
    made += 1
    await client.action('CreateAICall', {
      SdkAppId: application.sdkAppId,
      Callee: `00861${String(made).padStart(10, '3')}`,
      LLMType: 'openai',
      APIKey: 'sk-very-secret-key',
      APIUrl: 'http://127.0.0.1:9/v1',
      SystemPrompt: 'You remind people of an appointment. Be brief.',
      WelcomeMessage: 'Hello, this is the dentist.',
    })
  }
  return await measureRate(server, seconds, create)
}

export async function runEchoes(server: ApiServer, seconds: number): Promise<RateRun> {
  using client = new SignedClient(server.echoPort)
  return await measureRate(server, seconds, () => client.echo('{"ping":1}'))
}

async function measureRate(server: ApiServer, seconds: number, ask: () => Promise<void>): Promise<RateRun> {
  const keepAsking = async (untilNs: number) => {
    let answered = 0
    for (; monotonicNs() < untilNs; answered += 1) await ask()
    return answered
  }
  const all = async (ms: number) => {
    const untilNs = monotonicNs() + ms * nsPerMs
    const counts = await Promise.all(Array.from({ length: atOnce }, () => keepAsking(untilNs)))
    return counts.reduce((sum, count) => sum + count, 0)
  }
  // Compiled and connected before it is timed.
  await all(Math.min(2_000, seconds * 500))
  const before = await server.usage()
  const fromNs = monotonicNs()
  const requests = await all(seconds * 1_000)
  const tookS = (monotonicNs() - fromNs) / nsPerMs / 1_000
  const after = await server.usage()
  return {
    perS: requests / tookS,
    apiCpuMs: (after.apiMs - before.apiMs) / requests,
    databaseCpuMs: (after.databaseMs - before.databaseMs) / requests,
    requests,
  }
}
