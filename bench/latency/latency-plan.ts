import type { NetworkName } from '../relay/network-profile.ts'
import type { ProfileName } from '../simulators/profile.ts'

/**
 * `speculative`: as shipped, but the hold is always `VadSilenceTime`. `adaptive`: as shipped, greetings are
 * kept from call to call. `sequential`: nothing is done
 * before the endpoint. `eager-events`: the recogniser says when a turn may be, and is, over. `hand-over`: as `speculative`, and
 * the answer to the last turn is a function call: another agent takes the caller over.
 */
export const latencyModes = ['speculative', 'adaptive', 'sequential', 'eager-events', 'hand-over'] as const
export type LatencyMode = (typeof latencyModes)[number]

/** A block of calls that go on at once, measured together. */
export interface LatencyRun {
  /** Names it in `budgets.json` and in the results. */
  readonly id: string
  readonly mode: LatencyMode
  readonly profile: ProfileName
  /** `VadSilenceTime`. */
  readonly holdMs: number
  readonly calls: number
  /** Turns of each call. */
  readonly turns: number
  /** Audio goes through the relay. Absent: straight. */
  readonly network?: NetworkName
}

const base = { mode: 'speculative', profile: 'reference', holdMs: 500, calls: 10 } as const

const quick: readonly LatencyRun[] = [
  { ...base, id: 'speculative-500', turns: 5 },
  { ...base, id: 'speculative-300', holdMs: 300, turns: 5 },
  { ...base, id: 'speculative-700', holdMs: 700, turns: 5 },
]

const full: readonly LatencyRun[] = [
  { ...base, id: 'speculative-500', turns: 10 },
  { ...base, id: 'speculative-300', holdMs: 300, turns: 10 },
  { ...base, id: 'speculative-700', holdMs: 700, turns: 10 },
  { ...base, id: 'fast-300', profile: 'fast', holdMs: 300, turns: 5 },
  { ...base, id: 'slow-500', profile: 'slow', turns: 5 },
  { ...base, id: 'jittery-500', profile: 'jittery', turns: 5 },
  { ...base, id: 'calls-1', calls: 1, turns: 10 },
  { ...base, id: 'calls-50', calls: 50, turns: 6 },
  { ...base, id: 'network-clean', network: 'clean', turns: 7 },
  { ...base, id: 'network-wifi', network: 'wifi', turns: 7 },
  { ...base, id: 'network-mobile', network: 'mobile', turns: 7 },
  { ...base, id: 'network-bad', network: 'bad', turns: 7 },
  { ...base, id: 'adaptive', mode: 'adaptive', turns: 10 },
  { ...base, id: 'greeting-50', mode: 'adaptive', calls: 50, turns: 1 },
  { ...base, id: 'sequential-300', mode: 'sequential', holdMs: 300, turns: 5 },
  { ...base, id: 'eager-events', mode: 'eager-events', turns: 5 },
  { ...base, id: 'hand-over', mode: 'hand-over', calls: 20, turns: 2 },
  { ...base, id: 'hand-over-300', mode: 'hand-over', holdMs: 300, calls: 20, turns: 2 },
]

export const latencyPlans = { quick, full } as const

/** The run whose turns the ones of `run` are compared with, if any. */
export const cleanRunOf = (run: LatencyRun): string | undefined =>
  run.network === undefined || run.network === 'clean' ? undefined : 'network-clean'
