import type { TurnTimer } from './events.ts'
import { overlapFromMs, releaseAtMs } from './policy/barge-in.ts'
import { endpointAtMs, speculateAtMs } from './policy/endpointing.ts'
import { silenceLimitAtMs, silencePromptAtMs } from './rules/idle.ts'
import { fillerAtMs, mayEnd, maySpeculate, noiseAtMs, resumeMs, watchdogMs } from './rules/reply.ts'
import type { Draft, TurnState } from './state.ts'
import { userText } from './transcript.ts'
import { hasText } from './words.ts'

type Deadlines = Readonly<Record<TurnTimer, number | null>>

/** When each rule wants to be asked again. Timers follow from the state, so none can be forgotten. */
function deadlines({ state, rules, nowMs }: Draft): Deadlines {
  const { user, work, speech } = state
  const policy = rules.turn
  const text = userText(user)
  const noise = user.openedAtMs !== null && !user.voiced && !hasText(text)
  const overlap = speech?.interruptible && policy.bargeIn.speechMs !== null && user.voiced ? speech : null
  const overlapMs = overlap ? overlapFromMs(user, overlap) : 0
  return {
    greeting: state.greetingDueAtMs,
    speculate: maySpeculate(state) ? speculateAtMs(user, text, policy) : null,
    endpoint: mayEnd(state, rules.greetingInterruptible) ? endpointAtMs(user, text, policy) : null,
    noise: noise ? noiseAtMs(state, policy.endpointing.timeoutMs) : null,
    resume: work?.prompt.kind === 'user' && user.voiced ? user.onsetAtMs + resumeMs : null,
    duck:
      overlap && !overlap.ducked ? overlapMs + policy.bargeIn.duckAfterMs : speech?.ducked ? releaseAtMs(user) : null,
    bargeIn: overlap ? overlapMs + (policy.bargeIn.speechMs ?? 0) : null,
    filler: fillerAtMs(state, policy.filler?.afterMs),
    watchdog: watchdogAtMs(state),
    silencePrompt: silencePromptAtMs(state, policy.silencePrompt),
    silenceLimit: silenceLimitAtMs(state, policy.userSilenceLimitMs, nowMs),
  }
}

function watchdogAtMs({ work, speech }: TurnState): number | null {
  const owed = work?.grantedAtMs != null && !work.ready ? work.grantedAtMs + watchdogMs : null
  const dead = speech ? speech.progressAtMs + watchdogMs : null
  return owed === null || dead === null ? (owed ?? dead) : Math.min(owed, dead)
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
