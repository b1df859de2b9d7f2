import type { Campaign } from '@parley/core'
import { taskStates } from './state-numbers.ts'

/** What all answers about a task have in common. */
export function taskFacts({ name, notBeforeMs, notAfterMs, plan, state }: Campaign) {
  return {
    Name: name,
    NotBefore: Math.floor(notBeforeMs / 1_000),
    NotAfter: notAfterMs === undefined ? null : Math.floor(notAfterMs / 1_000),
    Callers: plan.callers,
    IvrId: 0,
    State: taskStates[state],
    MaxRingTimeoutSecond: plan.ringMs === undefined ? 0 : plan.ringMs / 1_000,
  }
}
