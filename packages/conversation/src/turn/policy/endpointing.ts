import type { TurnPolicy } from '@parley/core'
import type { Expectation } from '../language/expectation.ts'
import type { TurnState } from '../state.ts'
import type { UserSide } from '../user-side.ts'

/** How long a final may be missing after the hold before a stretch without text is taken for noise. */
export const finalGraceMs = 1000
/** A recogniser whose words end this long before the voice did is behind: its final is waited for, but not for long. */
const behindMs = 150
const behindGraceMs = 250

/**
 * Nine in ten pauses within turns are taken to be shorter than this while the caller is not known; it weighs as much as so
 * many pauses. Taste: longer than most are, since to be cut short costs a caller more than to wait.
 */
const priorPauseMs = 1500
const priorWeight = 4
/** Hesitation shorter than this is the gap between two words, not a pause. */
export const leastPauseMs = 150
export const keptPauses = 20

/** Words that read less complete than this say that more will come; those of the second kind cannot end. Taste. */
const goesOnBelow = 0.4
const cannotEndBelow = 0.12
interface Extension {
  readonly times: number
  readonly mostMs: number
}

/** The silence they are given beyond a short `timeoutMs`: as many times as long, and at most. Taste. */
const goesOn: Extension = { times: 3, mostMs: 1300 }
const cannotEnd: Extension = { times: 4, mostMs: 1500 }
/** Digits, letters and addresses are said in groups: until they read this complete, the next group may come. */
const collectedFrom = 0.5
const collecting = new Set<Expectation>(['digits', 'phone', 'spelling', 'email', 'address'])
/** A caller whose turns were cut twice is given half as much time again. */
const patiencePerCutIn = 0.25
const mostPatience = 1.75

/** Whoever interrupts says it in one go: a correction, a question, a word to stop. Taste. */
const interruptionOdds = 3

/**
 * Confidence that the turn is over before anything is known of the silence, 0..1: what the words say, whether they took
 * the floor from the assistant, and what the sound says where a model judges it. Independent witnesses: their odds multiply.
 */
export function confidence(user: UserSide): number {
  const { completeness, endScore, tookFloor } = user
  const took = tookFloor ? interruptionOdds : 1
  const odds = took * oddsOf(completeness) * (endScore === null ? 1 : oddsOf(endScore))
  return odds / (1 + odds)
}

const oddsOf = (probability: number): number => {
  const bounded = Math.min(0.98, Math.max(0.02, probability))
  return bounded / (1 - bounded)
}

/**
 * Silence that ends the turn (`H`).
 *
 * With confidence `c` in the words, and pauses of this caller of which one in ten is longer than `p90`, the odds of the
 * end are `odds(c) * 10 ** (s / p90)` in a silence of `s`. The hold is the silence at which the end is as likely as
 * `threshold`, kept between `actionDelayMs` and `timeoutMs`.
 */
export function holdMs(state: TurnState, policy: TurnPolicy): number {
  const { threshold, timeoutMs } = policy.endpointing
  const { user, habits } = state
  const actionDelayMs = Math.min(policy.endpointing.actionDelayMs, timeoutMs)
  if (user.hint === 'confirmed') return actionDelayMs
  const sure = confidence(user)
  const patience = Math.min(mostPatience, 1 + patiencePerCutIn * habits.cutIns)
  if (sure < cannotEndBelow) return extendedMs(timeoutMs, cannotEnd, patience)
  const inGroups = collecting.has(state.asked.expecting) && sure < collectedFrom
  if (inGroups) return extendedMs(timeoutMs, cannotEnd, patience)
  if (sure < goesOnBelow) return extendedMs(timeoutMs, goesOn, patience)
  if (threshold >= 1) return timeoutMs
  const silenceMs = pauseP90Ms(habits.pausesMs) * Math.log10(oddsOf(threshold) / oddsOf(sure))
  return Math.min(timeoutMs, Math.max(actionDelayMs, silenceMs) * patience)
}

function extendedMs(timeoutMs: number, { times, mostMs }: Extension, patience: number): number {
  return Math.max(timeoutMs, Math.min(times * timeoutMs, mostMs) * patience)
}

/** The caller's own long pauses, leaning on the prior while few are known. */
export function pauseP90Ms(pausesMs: readonly number[]): number {
  if (pausesMs.length === 0) return priorPauseMs
  const sorted = [...pausesMs].sort((a, b) => a - b)
  const own = sorted[Math.ceil(0.9 * sorted.length) - 1] ?? priorPauseMs
  return (priorWeight * priorPauseMs + sorted.length * own) / (priorWeight + sorted.length)
}

/** The instant from which the assistant may speak. Words of which the last are not recognised yet are waited for. */
export function endpointAtMs(state: TurnState, policy: TurnPolicy): number {
  const { user } = state
  return user.lastVoiceAtMs + Math.max(holdMs(state, policy), policy.minGapMs) + graceMs(user)
}

function graceMs(user: UserSide): number {
  if (user.pendingFinals === 0 || user.hint === 'confirmed') return 0
  if (!user.current) return finalGraceMs
  return user.recognisedToMs < user.stoppedMediaMs - behindMs ? behindGraceMs : 0
}
