import type { TurnPolicy } from '@parley/core'
import type { TurnState } from '../state.ts'
import { confidence, holdMs } from './endpointing.ts'

/** What a reply takes until it sounds, while none has been seen, and how much more is allowed for. Taste. */
const priorReplyMs = 800
const reserve = 1.15
/** A user who went on after a pause is given so many times as long at the next one: no slower to hear the first time, when
 * words take 120 ms anyway. Taste. */
const patienceFactor = 1.2
/** Replies that are remembered. */
export const keptReplies = 8

/** Words that read at least this complete, and have not changed for this long, may be answered while voice goes on. */
const stableConfidence = 0.75
const stableMs = 160

/**
 * When to work ahead in the present pause; null: not before the endpoint. Where the hold is longer than a reply takes,
 * the work begins as late as it may: most pauses end before. A user who went on after a pause is given more time at the
 * next one. Beyond the limit of attempts there is one more, when half the hold is over: that is
 * rarely a pause. A recogniser that thinks the turn is over is believed at once.
 */
export function speculateAtMs(state: TurnState, policy: TurnPolicy): number | null {
  const { user } = state
  const { afterMs, maxPerTurn } = policy.speculation
  if (!isAffordable(state, policy) || user.attempts > maxPerTurn) return null
  if (user.hint !== 'none' && user.attempts < maxPerTurn) return user.lastVoiceAtMs
  const hold = holdMs(state, policy)
  const lateMs = Math.max(afterMs, hold / 2)
  if (user.attempts === maxPerTurn) return user.lastVoiceAtMs + lateMs
  const soonMs = Math.min(lateMs, afterMs * patienceFactor ** user.resumptions)
  return user.lastVoiceAtMs + Math.max(soonMs, hold - leadMs(state))
}

/** When to work ahead while the user still sounds; null: not with these words. */
export function speculateInSpeechAtMs(state: TurnState, policy: TurnPolicy): number | null {
  const { user } = state
  const { inSpeech, maxPerTurn } = policy.speculation
  if (!isAffordable(state, policy) || user.attempts >= maxPerTurn) return null
  if (user.hint === 'eager') return user.changedAtMs
  return inSpeech && confidence(user) >= stableConfidence ? user.changedAtMs + stableMs : null
}

/** From the beginning of the work to its first sound, at the slowest of late. */
function leadMs({ habits }: TurnState): number {
  return reserve * Math.max(...(habits.repliesMs.length > 0 ? habits.repliesMs : [priorReplyMs]))
}

function isAffordable({ wastedTokens }: TurnState, { speculation }: TurnPolicy): boolean {
  return speculation.maxPerTurn > 0 && wastedTokens < speculation.maxWastedTokens
}
