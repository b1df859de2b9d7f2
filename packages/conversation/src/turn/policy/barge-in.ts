import type { TurnPolicy } from '@parley/core'
import type { Speech, UserSide } from '../state.ts'
import { userText } from '../transcript.ts'
import { hasText, wordsOf } from '../words.ts'
import { contentWords, isBackchannel, isIdleNoise, justAsked, startsWithStopWord } from './backchannel.ts'

const releaseMs = 200

/** What the user's sounds during the assistant's speech mean. `duck`: perhaps an interruption. */
export type Overlap = 'none' | 'duck' | 'commit'

/** The two stages of an interruption: cheap evidence makes the assistant quieter, good evidence takes the floor. */
export function judgeOverlap(user: UserSide, speech: Speech, nowMs: number, policy: TurnPolicy): Overlap {
  const { speechMs, minWords, duckAfterMs } = policy.bargeIn
  if (!speech.interruptible || speechMs === null || (user.openedAtMs === null && !speech.ducked)) return 'none'
  const text = overlapText(user, speech)
  const said = hasText(text)
  const idle = said && isIdleNoise(text)
  if (said && isBackchannel(text) && justAsked(speech.heard)) return 'commit'
  if (said && !idle && (startsWithStopWord(lastSegment(user, text)) || contentWords(text) >= minWords)) return 'commit'
  if (!user.voiced) return speech.ducked && !idle && nowMs < releaseAtMs(user) ? 'duck' : 'none'
  const voicedMs = nowMs - overlapFromMs(user, speech)
  if (voicedMs >= speechMs && !idle) return 'commit'
  return voicedMs >= duckAfterMs ? 'duck' : 'none'
}

/** Since when both have been sounding. */
export const overlapFromMs = (user: UserSide, speech: Speech): number =>
  Math.max(user.speechOnsetAtMs, speech.startedAtMs)

/** A ducked assistant waits this long for the voice to go on: no flutter at every gap between words. */
export const releaseAtMs = (user: UserSide): number => user.lastVoiceAtMs + releaseMs

/** A listening noise that answers nothing: it leaves no trace. */
export function isIdleBackchannel(user: UserSide, assistantWords: string): boolean {
  const text = userText(user)
  return user.overlapping && isIdleNoise(text) && !(isBackchannel(text) && justAsked(assistantWords))
}

function overlapText(user: UserSide, speech: Speech): string {
  const text = userText(user)
  return speech.baseWords === 0 ? text : wordsOf(text).slice(speech.baseWords).join(' ')
}

/** After "mhm" a "stop" is still a stop. */
function lastSegment(user: UserSide, overlap: string): string {
  const last = user.segments.at(-1)?.text ?? ''
  return wordsOf(last).length < wordsOf(overlap).length ? last : overlap
}
