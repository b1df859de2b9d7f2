import type { EndpointingPolicy } from '@parley/core'
import { type Frontier, type FrontierPoint, frontierOf } from './frontier.ts'
import { observeSilences, type TurnSilences } from './observe-silences.ts'
import type { Scenario } from './scenario/scenario.ts'
import { turnRules } from './turn-rules.ts'
import type { Figures } from './virtual/figures.ts'
import { weightOf } from './virtual/run-talks.ts'
import { VirtualCall } from './virtual/virtual-call.ts'

export interface SweepPlan {
  readonly thresholds: readonly number[]
  readonly actionDelaysMs: readonly number[]
  readonly timeoutsMs: readonly number[]
  /** Times each scenario is run at each setting. */
  readonly repeats: number
}

export const sweepPlans = {
  quick: {
    thresholds: [0.6, 0.75, 0.85, 0.95],
    actionDelaysMs: [150, 250, 400],
    timeoutsMs: [200, 400, 700, 1_000, 1_500],
    repeats: 1,
  },
  full: {
    thresholds: [0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95],
    actionDelaysMs: [150, 200, 250, 300, 400, 500],
    timeoutsMs: [200, 300, 400, 500, 600, 800, 1_000, 1_200, 1_500],
    repeats: 2,
  },
} as const satisfies Record<string, SweepPlan>

const silenceOnlyMs = [
  150, 200, 250, 300, 350, 400, 450, 500, 550, 600, 700, 800, 900, 1_000, 1_100, 1_200, 1_300, 1_500,
]

/** A turn nobody takes is charged with this. */
const patienceMs = 10_000

export interface SweepResult {
  readonly fused: Frontier
  /** Threshold 1: no confidence is ever enough, only the time-out ends a turn. */
  readonly silenceOnly: Frontier
  /** No engine at all: the silence the same detector reports, against a fixed hold. */
  readonly timer: Frontier
  readonly points: readonly FrontierPoint[]
}

/** What one setting comes to on some set of turns. */
export type Outcome = Pick<FrontierPoint, 'cutIns' | 'latencyMs'>

/** Tries every setting of a plan. `timer`: what that much silence alone would have come to. */
export function sweep(
  plan: SweepPlan,
  attempt: (knobs: EndpointingPolicy) => Outcome,
  timer: (timeoutMs: number) => Outcome,
): SweepResult {
  const settings = plan.thresholds.flatMap((threshold) =>
    plan.actionDelaysMs.flatMap((actionDelayMs) =>
      plan.timeoutsMs.filter((ms) => ms >= actionDelayMs).map((timeoutMs) => ({ threshold, actionDelayMs, timeoutMs })),
    ),
  )
  const silences = silenceOnlyMs.map((timeoutMs) => ({ threshold: 1, actionDelayMs: timeoutMs, timeoutMs }))
  const points = settings.map((knobs) => ({ ...knobs, ...attempt(knobs) }))
  const silent = silences.map((knobs) => ({ ...knobs, ...attempt(knobs) }))
  return {
    fused: frontierOf([...points, ...silent]),
    silenceOnly: frontierOf(silent),
    timer: frontierOf(silences.map((knobs) => ({ ...knobs, ...timer(knobs.timeoutMs) }))),
    points: [...points, ...silent],
  }
}

/** What every setting of the knobs does on the turns of `scenarios`, with words, question and pause history in play. */
export function sweepKnobs(
  scenarios: readonly Scenario[],
  plan: SweepPlan,
  figures: Figures,
  seed: number,
): SweepResult {
  const silences = observeSilences(scenarios, plan.repeats, figures, seed)
  return sweep(
    plan,
    (knobs) => tryKnobs(scenarios, knobs, plan.repeats, figures, seed),
    (timeoutMs) => tryTimer(silences, timeoutMs),
  )
}

/** A silence counts from the last voice until the detector hears the next one. */
export function tryTimer(turns: readonly TurnSilences[], timeoutMs: number): Outcome {
  const whole = turns.filter(({ withinMs }) => withinMs.every((ms) => ms <= timeoutMs))
  const late = whole.reduce((sum, { noticedMs }) => sum + Math.max(timeoutMs, noticedMs), 0)
  return { cutIns: 1 - whole.length / turns.length, latencyMs: late / Math.max(1, whole.length) }
}

function tryKnobs(
  scenarios: readonly Scenario[],
  knobs: EndpointingPolicy,
  repeats: number,
  figures: Figures,
  seed: number,
): Outcome {
  const rules = turnRules(knobs)
  let turns = 0
  let cutIns = 0
  let heldMs = 0
  for (const [index, scenario] of scenarios.entries()) {
    for (let repeat = 0; repeat < repeats * weightOf(scenario); repeat += 1) {
      const call: VirtualCall = new VirtualCall({ scenario, rules, figures, seed: seed + index * 101 + repeat })
      // The first decision is all that counts.
      const isOver = () =>
        call.endpointsMs.length > 0 ||
        call.time.nowMs > (call.caller.lastWordsEndMs ?? Number.POSITIVE_INFINITY) + patienceMs
      call.run(isOver)
      turns += 1
      const endpointMs = call.endpointsMs[0] ?? call.time.nowMs
      const eosMs = call.caller.lastWordsEndMs
      if (eosMs === null || endpointMs < eosMs) cutIns += 1
      else heldMs += endpointMs - eosMs
    }
  }
  return { cutIns: cutIns / turns, latencyMs: heldMs / Math.max(1, turns - cutIns) }
}
