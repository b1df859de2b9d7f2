import { discard, endOf, giveUp, hold, prepare, promptUser, say } from '../floor.ts'
import { isIdleBackchannel } from '../policy/barge-in.ts'
import { doubtUntilMs } from '../policy/first-signs.ts'
import { speculateAtMs, speculateInSpeechAtMs } from '../policy/speculation.ts'
import { type Draft, languageOf, type TurnRules, type TurnState, type Work } from '../state.ts'
import { userText } from '../transcript.ts'
import { hasText, normalise } from '../words.ts'
import { mayPrepare } from './turn-end.ts'

/** An answer without audio for this long will not come. */
export const watchdogMs = 8000

/**
 * Voice before the reply is audible: nothing goes out meanwhile, and the work goes on. Only words make it worthless: a
 * door or a cough is no reason to forget the answer.
 */
export function yieldToVoice(draft: Draft): boolean {
  const { work, user } = draft.state
  if (!work || !user.voiced) return false
  if (!work.committed && (work.grantedAtMs === null || work.prompt.kind !== 'user')) return false
  if (waitsForNobody(draft, work)) return false
  hold(draft, work.prompt.kind !== 'user')
  return true
}

/**
 * What sounds like the beginning of a voice takes the commitment back for a moment: a detector that is sure comes too late
 * to keep the assistant from speaking into it.
 */
export function waitForSign(draft: Draft): boolean {
  const { work } = draft.state
  if (!work?.committed || waitsForNobody(draft, work) || !mayGoOn(draft)) return false
  hold(draft, true)
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
  if (work.prompt.kind !== 'user' || text === work.prompt.text) return false
  if (normalise(text) === normalise(work.prompt.text)) return false
  if (work.grantedAtMs !== null) {
    if (user.regenerated && hasText(text)) return false
    state.user = { ...user, regenerated: true }
  }
  const wentOn = user.onsetAtMs >= work.startedAtMs || work.inSpeech
  discard(draft)
  if (wentOn) state.user = { ...state.user, resumptions: state.user.resumptions + 1 }
  return true
}

/** From the first pause on, or from words that read complete, work ahead. */
export function speculate(draft: Draft): boolean {
  const { state, nowMs, rules } = draft
  const dueAtMs = speculationAtMs(state, rules)
  if (dueAtMs === null || nowMs < dueAtMs) return false
  prepare(draft, { kind: 'user', text: userText(state.user) }, false, state.user.voiced)
  return true
}

/** The floor is free and the reply is owed. */
export function commit(draft: Draft): boolean {
  const { state } = draft
  const { work } = state
  if (!work || work.committed || work.grantedAtMs === null || work.failure || state.speech) return false
  if (!waitsForNobody(draft, work) && (state.user.voiced || mayGoOn(draft))) return false
  state.work = { ...work, committed: true }
  draft.commands.push({ type: 'reply.commit', generation: work.generation })
  return true
}

/** Bridges a slow model once a turn. */
export function fill(draft: Draft): boolean {
  const { state, nowMs, rules } = draft
  const { filler } = rules.turn
  const dueAtMs = fillerAtMs(state, filler?.afterMs)
  if (!filler || dueAtMs === null || nowMs < dueAtMs || mayGoOn(draft)) return false
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
  if (tool) state.ending = endOf(tool)
  else promptUser(draft)
  return true
}

const lateness = (work: Work) =>
  work.sentence ? ({ stage: 'tts', code: 'TTS_TIMEOUT' } as const) : ({ stage: 'llm', code: 'LLM_TIMEOUT' } as const)

/** A greeting that may not be interrupted begins whatever the user does. */
const waitsForNobody = ({ rules }: Draft, { prompt }: Work): boolean =>
  prompt.kind === 'greeting' && !rules.greetingInterruptible

const mayGoOn = ({ state, nowMs }: Draft): boolean => nowMs < doubtUntilMs(state.user)

/** Deadlines of these rules; null: not now. */

export function signAtMs({ work, user }: TurnState): number | null {
  return work && work.grantedAtMs !== null && !work.committed ? doubtUntilMs(user) : null
}

export function speculationAtMs(state: TurnState, rules: TurnRules): number | null {
  const { user, work, speech, fatal, ending } = state
  if (work || !user.current || isIdleBackchannel(user, state.lastWords, languageOf(rules))) return null
  if (mayPrepare(state)) return speculateAtMs(state, rules.turn)
  const sounding = user.voiced && !speech && !fatal && !ending && hasText(userText(user))
  return sounding ? speculateInSpeechAtMs(state, rules.turn) : null
}

export function fillerAtMs({ work, user, speech }: TurnState, afterMs: number | undefined): number | null {
  if (afterMs === undefined || !work || work.grantedAtMs === null || work.prompt.kind !== 'user') return null
  return work.sentence || user.fillerSaid || user.voiced || speech ? null : work.grantedAtMs + afterMs
}
