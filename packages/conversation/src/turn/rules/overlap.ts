import { cut, forgetTurn } from '../floor.ts'
import { isIdleBackchannel, judgeOverlap } from '../policy/barge-in.ts'
import type { Draft } from '../state.ts'

/** Both sound at once: make the assistant quieter, give the floor to the user, or go on as before. */
export function settleOverlap(draft: Draft): boolean {
  const { state, nowMs, rules } = draft
  const { speech } = state
  if (!speech) return false
  const verdict = judgeOverlap(state.user, speech, nowMs, rules.turn)
  if (verdict === 'commit') {
    cut(draft)
    state.user = { ...state.user, overlapping: false, tookFloor: true }
    return true
  }
  const ducked = verdict === 'duck'
  if (ducked !== speech.ducked) {
    state.speech = { ...speech, ducked }
    draft.commands.push({ type: 'playout.duck', gainDb: ducked ? rules.turn.bargeIn.duckGainDb : 0 })
    return true
  }
  return false
}

/** A listening noise is over: nothing happened. */
export function forgetBackchannel(draft: Draft): boolean {
  const { state } = draft
  const { user, speech } = state
  if (user.openedAtMs === null || user.voiced || user.pendingFinals > 0) return false
  if (!isIdleBackchannel(user, speech?.heard ?? state.lastWords)) return false
  forgetTurn(draft)
  return true
}
