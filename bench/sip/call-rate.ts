import { setImmediate as turn } from 'node:timers/promises'
import { monotonicNs, nsPerMs, sleep } from '../monotonic.ts'
import type { AnsweredCall } from './load-caller.ts'

/** How long one call took to be answered. */
export interface AnswerTime {
  readonly answerMs: number
  readonly fromNs: number
  readonly toNs: number
}

/** What came of calls placed at a steady rate. */
export interface CallRate {
  readonly answers: readonly AnswerTime[]
  /** What went wrong, call by call. */
  readonly failures: readonly string[]
  readonly durationMs: number
}

/**
 * Begins a call every `1000 / perS` ms, whatever became of those before.
 * `one` places a call, keeps it and hangs up; what it throws is a failure.
 */
export async function placeAtRate(
  calls: number,
  perS: number,
  one: (index: number) => Promise<AnsweredCall>,
): Promise<CallRate> {
  const answers: AnswerTime[] = []
  const failures: string[] = []
  const startNs = monotonicNs()
  const pending: Promise<void>[] = []
  for (let index = 0; index < calls; index += 1) {
    const waitMs = (index * 1_000) / perS - (monotonicNs() - startNs) / nsPerMs
    if (waitMs >= 1) await sleep(waitMs)
    else await turn()
    pending.push(
      one(index).then(
        ({ answerMs, fromNs, toNs }) => void answers.push({ answerMs, fromNs, toNs }),
        (error: Error) => void failures.push(`call ${index + 1}: ${error.message}`),
      ),
    )
  }
  await Promise.all(pending)
  return { answers, failures, durationMs: (monotonicNs() - startNs) / nsPerMs }
}
