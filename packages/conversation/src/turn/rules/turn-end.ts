import { forgetTurn, prepare, promptUser } from '../floor.ts'
import { isIdleBackchannel } from '../policy/barge-in.ts'
import { endpointAtMs, finalGraceMs } from '../policy/endpointing.ts'
import type { Draft, TurnRules, TurnState } from '../state.ts'
import { languageOf } from '../state.ts'
import { userText } from '../transcript.ts'
import { hasText } from '../words.ts'

/** Silence after which an end-of-turn model is asked first, and then again and again: it judges the pause as it grows. */
const scoreAfterMs = 100
const scoreEveryMs = 100
/** Voice shorter than this may well have been no word. */
const speechLikeMs = 600
/** Stretches in a row without any result after which recognition counts as deaf. */
const deafAfterStretches = 2

/** The hold is satisfied and there are words: the assistant owes an answer. */
export function endTurn(draft: Draft): boolean {
  const { state, nowMs, rules } = draft
  if (!mayEnd(state, rules.greetingInterruptible) || nowMs < endpointAtMs(state, rules.turn)) return false
  if (isIdleBackchannel(state.user, state.lastWords, languageOf(rules))) {
    forgetTurn(draft)
    return true
  }
  state.greetingDueAtMs = null
  if (state.work) state.work = { ...state.work, grantedAtMs: nowMs }
  else prepare(draft, { kind: 'user', text: userText(state.user) }, true)
  return true
}

/** The sound of the pause is judged while it lasts. */
export function scorePause(draft: Draft): boolean {
  const { state, nowMs, rules } = draft
  const dueAtMs = scoreAtMs(state, rules)
  if (dueAtMs === null || nowMs < dueAtMs) return false
  state.user = { ...state.user, scoreDueAtMs: nowMs + scoreEveryMs }
  draft.commands.push({ type: 'endOfTurn.score' })
  return true
}

/**
 * Voice without words: noise. A final may be late, but not for ever. If it silenced the assistant, or if recognition was
 * deaf to what was long enough for a sentence, the user is asked.
 */
export function forgetNoise(draft: Draft): boolean {
  const { state, nowMs, rules } = draft
  const { user } = state
  if (user.openedAtMs === null || user.voiced || hasText(userText(user))) return false
  if (nowMs < noiseAtMs(state, rules.turn.endpointing.timeoutMs)) return false
  const unheard = user.pendingFinals > 0 && !user.current
  const speechLike = user.lastVoiceAtMs - user.speechOnsetAtMs >= speechLikeMs
  forgetTurn(draft)
  state.user = { ...state.user, finalOwed: user.pendingFinals > 0 }
  if (unheard && speechLike) countDeaf(draft)
  if (user.tookFloor || (unheard && speechLike)) promptUser(draft)
  return true
}

/** Recognition that says nothing to one voiced stretch after the other is opened anew. */
function countDeaf({ state, commands }: Draft): void {
  state.deafStretches += 1
  if (state.deafStretches < deafAfterStretches) return
  state.deafStretches = 0
  commands.push({ type: 'talk.repaired', fault: 'listeningWithoutHearing' }, { type: 'recognizer.restart' })
}

/** Deadlines of these rules; null: not now. */

export function mayEnd(state: TurnState, greetingInterruptible: boolean): boolean {
  if (!mayPrepare(state) || (state.greetingDueAtMs !== null && !greetingInterruptible)) return false
  return !state.work || (state.work.prompt.kind === 'user' && state.work.grantedAtMs === null)
}

/** The user has paused with words said, and nothing is in the way of an answer. */
export function mayPrepare({ user, speech, fatal, ending }: TurnState): boolean {
  return user.openedAtMs !== null && !user.voiced && !speech && !fatal && !ending && hasText(userText(user))
}

export function scoreAtMs(state: TurnState, rules: TurnRules): number | null {
  if (!rules.endOfTurnModel || !mayEnd(state, rules.greetingInterruptible)) return null
  return state.user.scoreDueAtMs ?? state.user.lastVoiceAtMs + scoreAfterMs
}

export function noiseAtMs({ user }: TurnState, timeoutMs: number): number {
  return user.lastVoiceAtMs + timeoutMs + (user.pendingFinals > 0 ? finalGraceMs : 0)
}
