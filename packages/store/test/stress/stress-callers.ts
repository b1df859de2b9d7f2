import type { IntakeAcceptance, IntakeRefusal } from '@parley/core'
import type { Store } from '../../src/index.ts'
import { realClock } from '../support/real-time.ts'
import { newCall } from '../support/sample-calls.ts'
import { applications, type StressApplication, trunks } from './stress-plan.ts'

/** One request for a call and what came of it. Unix ms. */
export interface Asked {
  readonly callId: string
  readonly applicationId: number
  readonly acquireMs: number
  readonly fromMs: number
  readonly toMs: number
  readonly result: (IntakeAcceptance | IntakeRefusal)['kind'] | 'error'
}

const numbers = trunks.flatMap(({ name, numbers }) =>
  name === 'jam' ? [] : numbers.map((entry) => (typeof entry === 'string' ? entry : entry.number)),
)

/** Asks for calls as all applications do, until `signal` aborts and every request is answered. */
export async function askForCalls(store: Store, signal: AbortSignal, random: () => number): Promise<readonly Asked[]> {
  const asked: Asked[] = []
  const askOne = async ({ id, acquireMs }: StressApplication): Promise<void> => {
    // One half names its number, the other takes any.
    const chosen = random() < 0.5 ? [numbers[Math.floor(random() * numbers.length)] ?? ''] : []
    const call = newCall({
      applicationId: id,
      acquireMs,
      callers: trunks.at(-1)?.applicationIds?.[0] === id ? [] : chosen,
    })
    const fromMs = realClock.wallMs()
    const result = await store.intake.create(call).then(
      ({ kind }) => kind,
      () => 'error' as const,
    )
    asked.push({ callId: call.callId, applicationId: id, acquireMs, fromMs, toMs: realClock.wallMs(), result })
  }
  const keepAsking = async (application: StressApplication): Promise<void> => {
    while (!signal.aborted) await askOne(application)
  }
  await Promise.all(
    applications.flatMap((application) => Array.from({ length: application.inFlight }, () => keepAsking(application))),
  )
  return asked
}
