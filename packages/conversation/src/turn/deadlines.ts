import type { TurnTimer } from './events.ts'
import { nextVerdictAtMs } from './policy/barge-in.ts'
import { endpointAtMs } from './policy/endpointing.ts'
import { silenceLimitAtMs, silencePromptAtMs, stallAtMs } from './rules/idle.ts'
import { fillerAtMs, signAtMs, speculationAtMs, watchdogMs } from './rules/reply.ts'
import { mayEnd, noiseAtMs, scoreAtMs } from './rules/turn-end.ts'
import type { Draft, TurnState } from './state.ts'
import { userText } from './transcript.ts'
import { hasText } from './words.ts'

type Deadlines = Readonly<Record<TurnTimer, number | null>>

/** When each rule wants to be asked again. Timers follow from the state, so none can be forgotten. */
function deadlines({ state, rules, nowMs }: Draft): Deadlines {
  const { user, speech } = state
  const policy = rules.turn
  const noise = user.openedAtMs !== null && !user.voiced && !hasText(userText(user))
  return {
    greeting: state.greetingDueAtMs,
    speculate: speculationAtMs(state, rules),
    score: scoreAtMs(state, rules),
    endpoint: mayEnd(state, rules.greetingInterruptible) ? endpointAtMs(state, policy) : null,
    sign: signAtMs(state),
    noise: noise ? noiseAtMs(state, policy.endpointing.timeoutMs) : null,
    overlap: speech ? nextVerdictAtMs(user, speech, nowMs, rules) : null,
    filler: fillerAtMs(state, policy.filler?.afterMs),
    stall: stallAtMs(state),
    watchdog: watchdogAtMs(state),
    silencePrompt: silencePromptAtMs(state, policy.silencePrompt),
    silenceLimit: silenceLimitAtMs(state, policy.userSilenceLimitMs, nowMs),
  }
}

/** An answer that is owed must have audio by then. */
function watchdogAtMs({ work }: TurnState): number | null {
  return work?.grantedAtMs != null && !work.ready ? work.grantedAtMs + watchdogMs : null
}

/** Sets and clears timers until they equal the deadlines that lie ahead. */
export function rearm(draft: Draft): void {
  const { state, nowMs, commands } = draft
  const live = state.life === 'live'
  const wanted = Object.entries(live ? deadlines(draft) : {}) as [TurnTimer, number | null][]
  const ahead: Partial<Record<TurnTimer, number>> = {}
  for (const [timer, atMs] of wanted) if (atMs !== null && atMs > nowMs) ahead[timer] = atMs
  for (const timer of Object.keys(state.timers) as TurnTimer[]) {
    if (ahead[timer] === undefined) commands.push({ type: 'timer.clear', timer })
  }
  for (const [timer, atMs] of Object.entries(ahead) as [TurnTimer, number][]) {
    if (state.timers[timer] !== atMs) commands.push({ type: 'timer.set', timer, atMs })
  }
  state.timers = ahead
}
