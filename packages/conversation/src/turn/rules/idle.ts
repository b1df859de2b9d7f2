import { cut, discard, endTalk, prepare, say } from '../floor.ts'
import { sayRequest } from '../operator.ts'
import type { Draft, TurnState } from '../state.ts'
import { userText } from '../transcript.ts'
import { hasText } from '../words.ts'
import { watchdogMs } from './reply.ts'

/** Speech without a packet for this long is not as it should be: progress is told every 100 ms. */
const stallMs = 500
/** After the assistant has spoken the user gets at least this long before the silence limit ends the call. Taste. */
const lastWordMs = 2000

/** The wire is dead although the assistant has the floor: ask why, and give up when it stays dead. */
export function settleStall(draft: Draft): boolean {
  const { state, nowMs } = draft
  const { speech } = state
  const dueAtMs = stallAtMs(state)
  if (!speech || dueAtMs === null || nowMs < dueAtMs) return false
  if (speech.checkedAtMs === null) {
    state.speech = { ...speech, checkedAtMs: nowMs }
    draft.commands.push({ type: 'playout.check', generation: speech.generation })
    return true
  }
  const stage = speech.source === 'reply' ? 'llm' : 'tts'
  const code = stage === 'llm' ? 'LLM_TIMEOUT' : 'TTS_TIMEOUT'
  cut(draft)
  draft.commands.push({ type: 'provider.failed', stage, code })
  state.fatal ??= { code, apologise: stage === 'llm' }
  return true
}

/** A provider is dead: say so if there is a voice, then end. What was being said is said to its end first. */
export function settleFatal(draft: Draft): boolean {
  const { state, rules } = draft
  if (!state.fatal || state.speech) return false
  const { code, apologise } = state.fatal
  state.fatal = { code, apologise: false }
  if (apologise && hasText(rules.turn.apology)) {
    const endAfter = { kind: 'failed', code } as const
    discard(draft)
    say(draft, { source: 'apology', text: rules.turn.apology, interruptible: false, remember: false, endAfter })
  } else endTalk(draft, { kind: 'failed', code })
  return true
}

/** The last words are spoken. */
export function settleEnding(draft: Draft): boolean {
  const { state } = draft
  if (!state.ending || state.speech || state.work) return false
  endTalk(draft, state.ending)
  return true
}

/** The greeting is due. One that must be heard does not wait for a user who speaks first. */
export function greet(draft: Draft): boolean {
  const { state, nowMs, rules } = draft
  const { greeting, greetingInterruptible } = rules
  if (state.greetingDueAtMs === null || nowMs < state.greetingDueAtMs) return false
  const floor = state.life === 'live' && !state.speech && !state.fatal && !state.ending
  if (!isFree(state) && (greetingInterruptible || !floor)) return false
  state.greetingDueAtMs = null
  if (greeting.kind === 'generate') {
    discard(draft)
    prepare(draft, { kind: 'greeting' }, true)
  } else if (greeting.kind === 'text' && hasText(greeting.text)) {
    say(draft, { source: 'greeting', text: greeting.text, interruptible: greetingInterruptible, remember: true })
  }
  return true
}

/** The floor is free: what was pushed meanwhile. */
export function nextErrand(draft: Draft): boolean {
  const { state } = draft
  const [errand, ...rest] = state.queue
  if (!errand || !isFree(state) || state.greetingDueAtMs !== null) return false
  state.queue = rest
  if (errand.kind === 'ask') prepare(draft, { kind: 'ask', text: errand.request.text }, true)
  else sayRequest(draft, errand.request)
  return true
}

/** Hangs up on a user who has said nothing for too long. */
export function settleSilenceLimit(draft: Draft): boolean {
  const { state, nowMs, rules } = draft
  const dueAtMs = silenceLimitAtMs(state, rules.turn.userSilenceLimitMs, nowMs)
  if (dueAtMs === null || nowMs < dueAtMs) return false
  endTalk(draft, { kind: 'silenceLimit' })
  return true
}

/** "Are you still there?" */
export function promptSilence(draft: Draft): boolean {
  const { state, nowMs, rules } = draft
  const { silencePrompt } = rules.turn
  const dueAtMs = silencePromptAtMs(state, silencePrompt)
  if (!silencePrompt || dueAtMs === null || nowMs < dueAtMs) return false
  state.prompts += 1
  if (!hasText(silencePrompt.text)) return true
  say(draft, { source: 'silencePrompt', text: silencePrompt.text, interruptible: true, remember: true })
  return true
}

/** When to look after a speech of which nothing leaves; null: it is not expected to. */
export function stallAtMs({ speech, held }: TurnState): number | null {
  if (!speech || held || speech.stance === 'paused') return null
  return speech.progressAtMs + (speech.checkedAtMs === null ? stallMs : watchdogMs)
}

/** Neither side is active or about to be. */
function isFree({ life, user, work, speech, fatal, ending }: TurnState): boolean {
  return life === 'live' && user.openedAtMs === null && !user.voiced && !work && !speech && !fatal && !ending
}

export const isQuiet = (state: TurnState): boolean =>
  isFree(state) && state.greetingDueAtMs === null && state.queue.length === 0

export function silenceLimitAtMs(state: TurnState, limitMs: number, nowMs: number): number | null {
  const { speech, work, user, held, quietSinceMs, lastSaidAtMs } = state
  if (held || speech || work || state.greetingDueAtMs !== null || hasText(userText(user))) return null
  const quietAtMs = quietSinceMs ?? (isQuiet(state) ? nowMs : lastSaidAtMs)
  return Math.max(lastSaidAtMs + limitMs, quietAtMs + Math.min(lastWordMs, limitMs))
}

export function silencePromptAtMs(
  state: TurnState,
  prompt: { readonly afterMs: number; readonly maxCount: number } | null,
): number | null {
  const { quietSinceMs, prompts } = state
  if (!prompt || state.held || quietSinceMs === null || prompts >= prompt.maxCount || !isQuiet(state)) return null
  return quietSinceMs + prompt.afterMs
}
