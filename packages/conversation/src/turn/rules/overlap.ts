import { cut, forgetTurn, resumeSpeech } from '../floor.ts'
import { isIdleBackchannel, judgeOverlap, type Overlap, spokeIntoStart } from '../policy/barge-in.ts'
import type { Draft, Speech } from '../state.ts'
import { languageOf } from '../state.ts'

/** Both sound at once: make the assistant quieter, silent, give the floor to the user, or go on as before. */
export function settleOverlap(draft: Draft): boolean {
  const { state, nowMs, rules } = draft
  const { speech } = state
  if (!speech) return false
  const verdict = judgeOverlap(state.user, speech, nowMs, rules)
  if (verdict === 'commit') {
    takeFloor(draft, speech)
    return true
  }
  if (verdict === 'dismiss') state.speech = { ...speech, dismissedOnsetMs: state.user.onsetAtMs }
  return settleStance(draft, stanceFor(verdict))
}

function stanceFor(verdict: Exclude<Overlap, 'commit'>): Speech['stance'] {
  if (verdict === 'pause') return 'paused'
  return verdict === 'duck' ? 'ducked' : 'full'
}

function settleStance(draft: Draft, stance: Speech['stance']): boolean {
  const { state, rules } = draft
  const { speech } = state
  if (!speech || speech.stance === stance) return false
  if (speech.stance === 'paused') {
    resumeSpeech(draft, speech)
    return true
  }
  state.speech = { ...speech, stance }
  if (stance === 'paused') draft.commands.push({ type: 'playout.pause', generation: speech.generation })
  else draft.commands.push({ type: 'playout.duck', gainDb: stance === 'ducked' ? rules.turn.bargeIn.duckGainDb : 0 })
  return true
}

/** The user has the floor. One who spoke into the very beginning of a reply had been cut short: be more patient. */
function takeFloor(draft: Draft, speech: Speech): void {
  const { state } = draft
  if (spokeIntoStart(state.user, speech)) {
    state.habits = { ...state.habits, cutIns: state.habits.cutIns + 1 }
  }
  cut(draft)
  state.user = { ...state.user, overlapping: false, tookFloor: true }
}

/** A listening noise is over: nothing happened. */
export function forgetBackchannel(draft: Draft): boolean {
  const { state, rules } = draft
  const { user, speech } = state
  if (user.openedAtMs === null || user.voiced || user.pendingFinals > 0) return false
  if (!isIdleBackchannel(user, speech?.heard ?? state.lastWords, languageOf(rules))) return false
  forgetTurn(draft)
  return true
}
