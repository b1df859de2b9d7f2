import { discard, forgetTurn, giveUp, hold, prepare, say } from '../floor.ts'
import { isIdleBackchannel } from '../policy/barge-in.ts'
import { endpointAtMs, finalGraceMs, speculateAtMs } from '../policy/endpointing.ts'
import type { Draft, TurnState, Work } from '../state.ts'
import { userText } from '../transcript.ts'
import { hasText, normalise } from '../words.ts'

/** Voice this long after a pause is the user going on; a door or a cough is shorter. Taste. */
export const resumeMs = 250
/** An answer without audio for this long will not come. */
export const watchdogMs = 8000

/** The user goes on before the reply is audible: the same turn continues. */
export function yieldToVoice(draft: Draft): boolean {
  const { state, nowMs } = draft
  const { work, user } = state
  if (!work || !user.voiced) return false
  if (work.prompt.kind === 'user' && nowMs >= user.onsetAtMs + resumeMs) {
    discard(draft)
    state.user = { ...state.user, resumptions: state.user.resumptions + 1 }
    return true
  }
  if (!work.committed && (work.grantedAtMs === null || work.prompt.kind !== 'user')) return false
  if (work.prompt.kind === 'greeting' && !draft.rules.greetingInterruptible) return false
  hold(draft, work.prompt.kind !== 'user')
  return true
}

/** A reply to words that were not said is worthless. A committed one is replaced once, then it stays. */
export function discardStale(draft: Draft): boolean {
  const { state } = draft
  const { work, user } = state
  if (!work) return false
  const text = userText(user)
  if (work.prompt.kind === 'greeting') {
    if (!draft.rules.greetingInterruptible || !hasText(text)) return false
    discard(draft)
    return true
  }
  if (work.prompt.kind !== 'user' || normalise(text) === normalise(work.prompt.text)) return false
  if (work.grantedAtMs !== null) {
    if (user.regenerated && hasText(text)) return false
    state.user = { ...user, regenerated: true }
  }
  discard(draft)
  return true
}

/** From the first pause on, work ahead. */
export function speculate(draft: Draft): boolean {
  const { state, nowMs, rules } = draft
  if (!maySpeculate(state) || isIdleBackchannel(state.user, state.lastWords)) return false
  const text = userText(state.user)
  const dueAtMs = speculateAtMs(state.user, text, rules.turn)
  if (dueAtMs === null || nowMs < dueAtMs) return false
  prepare(draft, { kind: 'user', text }, false)
  return true
}

/** The hold is satisfied and there are words: the assistant owes an answer. */
export function endTurn(draft: Draft): boolean {
  const { state, nowMs, rules } = draft
  if (!mayEnd(state, rules.greetingInterruptible)) return false
  const text = userText(state.user)
  if (nowMs < endpointAtMs(state.user, text, rules.turn)) return false
  if (isIdleBackchannel(state.user, state.lastWords)) {
    forgetTurn(draft)
    return true
  }
  state.greetingDueAtMs = null
  if (state.work) state.work = { ...state.work, grantedAtMs: nowMs }
  else prepare(draft, { kind: 'user', text }, true)
  return true
}

/** Voice without words: noise. A final may be late, but not for ever. If it silenced the assistant, the user is asked. */
export function forgetNoise(draft: Draft): boolean {
  const { state, nowMs, rules } = draft
  const { user } = state
  if (user.openedAtMs === null || user.voiced || hasText(userText(user))) return false
  if (nowMs < noiseAtMs(state, rules.turn.endpointing.timeoutMs)) return false
  forgetTurn(draft)
  if (user.tookFloor) promptUser(draft)
  return true
}

/** The floor is free and the reply is owed. */
export function commit(draft: Draft): boolean {
  const { state } = draft
  const { work } = state
  if (!work || work.committed || work.grantedAtMs === null || work.failure || state.speech) return false
  if (state.user.voiced && !(work.prompt.kind === 'greeting' && !draft.rules.greetingInterruptible)) return false
  state.work = { ...work, committed: true }
  draft.commands.push({ type: 'reply.commit', generation: work.generation })
  return true
}

/** Bridges a slow model once a turn. */
export function fill(draft: Draft): boolean {
  const { state, nowMs, rules } = draft
  const { filler } = rules.turn
  const dueAtMs = fillerAtMs(state, filler?.afterMs)
  if (!filler || dueAtMs === null || nowMs < dueAtMs) return false
  const text = filler.words[state.turn % filler.words.length] ?? ''
  state.user = { ...state.user, fillerSaid: true }
  if (!hasText(text)) return true
  hold(draft, true)
  say(draft, { source: 'filler', text, interruptible: true, remember: false })
  return true
}

/** The owed reply failed, says nothing, or does not come. */
export function settleFailure(draft: Draft): boolean {
  const { state, nowMs } = draft
  const { work } = state
  if (!work || work.grantedAtMs === null) return false
  if (work.empty) return settleEmpty(draft, work)
  const late = !work.ready && nowMs >= work.grantedAtMs + watchdogMs
  const failure = work.failure ?? (late ? lateness(work) : null)
  if (!failure) return false
  draft.commands.push({ type: 'provider.failed', ...failure })
  giveUp(draft, work)
  state.fatal ??= { code: failure.code, apologise: failure.stage === 'llm' }
  return true
}

/** Nothing was said: by intent (a tool was called), or ask once more, then prompt the user. Never dead air. */
function settleEmpty(draft: Draft, work: Work): boolean {
  const { state } = draft
  const { tool } = work
  if (!tool && work.prompt.kind === 'user' && !state.user.regenerated) {
    state.user = { ...state.user, regenerated: true }
    discard(draft)
    return true
  }
  giveUp(draft, work)
  if (tool) state.ending = tool.kind === 'endCall' ? { kind: 'assistantEnded' } : { kind: 'transfer', tool }
  else promptUser(draft)
  return true
}

/** Better than dead air: the user is asked to say it again. */
function promptUser(draft: Draft): void {
  const { state, rules } = draft
  const text = rules.turn.silencePrompt?.text ?? ''
  if (state.speech || state.fatal || state.ending || !hasText(text)) return
  say(draft, { source: 'silencePrompt', text, interruptible: true, remember: true })
}

const lateness = (work: Work) =>
  work.sentence ? ({ stage: 'tts', code: 'TTS_TIMEOUT' } as const) : ({ stage: 'llm', code: 'LLM_TIMEOUT' } as const)

/** Deadlines of these rules; null: not now. */

export function maySpeculate(state: TurnState): boolean {
  return mayPrepare(state) && !state.work && state.user.current
}

export function mayEnd(state: TurnState, greetingInterruptible: boolean): boolean {
  if (!mayPrepare(state) || (state.greetingDueAtMs !== null && !greetingInterruptible)) return false
  return !state.work || (state.work.prompt.kind === 'user' && state.work.grantedAtMs === null)
}

function mayPrepare(state: TurnState): boolean {
  const { user, speech, fatal, ending } = state
  return user.openedAtMs !== null && !user.voiced && !speech && !fatal && !ending && hasText(userText(user))
}

export function noiseAtMs({ user }: TurnState, endpointSilenceMs: number): number {
  return user.lastVoiceAtMs + endpointSilenceMs + (user.pendingFinals > 0 ? finalGraceMs : 0)
}

export function fillerAtMs({ work, user, speech }: TurnState, afterMs: number | undefined): number | null {
  if (afterMs === undefined || !work || work.grantedAtMs === null || work.prompt.kind !== 'user') return null
  return work.sentence || user.fillerSaid || user.voiced || speech ? null : work.grantedAtMs + afterMs
}
