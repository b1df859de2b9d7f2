import { contentWords, isBackchannel, isIdleNoise, justAsked, startsWithStopWord } from '../language/overlap-words.ts'
import type { Speech, TurnRules } from '../state.ts'
import { languageOf } from '../state.ts'
import { userText } from '../transcript.ts'
import type { UserSide } from '../user-side.ts'
import { hasText, wordsOf } from '../words.ts'
import { signsUntilMs } from './first-signs.ts'

/** A ducked assistant waits this long for the voice to go on: no flutter at every gap between words. */
const releaseMs = 200
/** First signs are worth this much voice: who wants more before the assistant is ducked gets it from the detector alone. */
const signWorthMs = 100
/** A paused one waits this long after the voice for the words that decide. */
const verdictMs = 700
/** Voice that goes on this long without a word is no speech to us: music, another room, a machine. */
const wordlessMs = 2500
/** Who speaks within this time of a reply's beginning had not finished: the assistant makes way after less voice. */
const cutInMs = 600
const makeWayMs = 240

/**
 * What the user's sounds during the assistant's speech mean. `duck`: perhaps an interruption. `pause`: it sounds like
 * one, and no words say so yet. `commit`: it is one. `dismiss`: voice without words, for too long.
 */
export type Overlap = 'none' | 'duck' | 'pause' | 'commit' | 'dismiss'

/** Cheap evidence makes the assistant quieter, good evidence silent; only words, or an answer, make it forget its place. */
export function judgeOverlap(user: UserSide, speech: Speech, nowMs: number, rules: TurnRules): Overlap {
  const { speechMs, minWords, duckAfterMs } = rules.turn.bargeIn
  if (!mayYield(speech, rules)) return 'none'
  const unsure = isSuspected(user, nowMs, rules) ? 'duck' : 'none'
  if (!isDisturbed(user, speech)) return unsure
  const language = languageOf(rules)
  const text = overlapText(user, speech)
  const said = hasText(text)
  const idle = said && isIdleNoise(text, language)
  if (said && isBackchannel(text, language) && justAsked(speech.heard, language)) return 'commit'
  const words = said && !idle ? contentWords(text, language) : 0
  if (said && !idle && (startsWithStopWord(lastSegment(user, text), language) || words >= minWords)) return 'commit'
  const paused = speech.stance === 'paused'
  if (!user.voiced) {
    // A single word of a partial may still be revised; nothing is lost by hearing the final, the assistant is silent.
    if (paused && !idle && user.pendingFinals > 0 && nowMs < user.lastVoiceAtMs + verdictMs) return 'pause'
    if (paused && words > 0) return 'commit'
    return speech.stance === 'ducked' && !idle && nowMs < user.lastVoiceAtMs + releaseMs ? 'duck' : unsure
  }
  if (user.onsetAtMs === speech.dismissedOnsetMs) return 'none'
  const voicedMs = nowMs - overlapFromMs(user, speech)
  if (!said && voicedMs >= wordlessMs) return 'dismiss'
  if (idle) return voicedMs >= duckAfterMs ? 'duck' : unsure
  if (voicedMs >= pauseAfterMs(user, speech, speechMs)) return words > 0 ? 'commit' : 'pause'
  return voicedMs >= duckAfterMs ? 'duck' : unsure
}

/** When the verdict may change by time alone; null: not ahead of `nowMs`. */
export function nextVerdictAtMs(user: UserSide, speech: Speech, nowMs: number, rules: TurnRules): number | null {
  if (!mayYield(speech, rules)) return null
  const { speechMs, duckAfterMs } = rules.turn.bargeIn
  const fromMs = overlapFromMs(user, speech)
  const voicedMs = [duckAfterMs, pauseAfterMs(user, speech, speechMs), wordlessMs]
  const voice = user.voiced
    ? voicedMs.map((ms) => fromMs + ms)
    : [user.lastVoiceAtMs + (speech.stance === 'paused' ? verdictMs : releaseMs)]
  const instants = [signsUntilMs(user), ...(isDisturbed(user, speech) ? voice : [])]
  const ahead = instants.filter((atMs) => atMs > nowMs)
  return ahead.length > 0 ? Math.min(...ahead) : null
}

/** A user's voice can do something to this speech. */
const mayYield = (speech: Speech, { turn }: TurnRules): boolean =>
  speech.interruptible && turn.bargeIn.speechMs !== null

/** A voice was found, or something was done for fear of one. */
const isDisturbed = (user: UserSide, speech: Speech): boolean => user.openedAtMs !== null || speech.stance !== 'full'

/** Something sounds like the beginning of a voice: reason enough to be quieter for a moment, which costs nothing. */
const isSuspected = (user: UserSide, nowMs: number, { turn }: TurnRules): boolean =>
  turn.bargeIn.duckAfterMs <= signWorthMs && nowMs < signsUntilMs(user)

/** Voice that silences the assistant. */
function pauseAfterMs(user: UserSide, speech: Speech, speechMs: number | null): number {
  const limitMs = speechMs ?? Number.POSITIVE_INFINITY
  return spokeIntoStart(user, speech) ? Math.min(limitMs, makeWayMs) : limitMs
}

/** The user began, or went on, just as a reply began. */
export function spokeIntoStart(user: UserSide, speech: Speech): boolean {
  return speech.source === 'reply' && user.onsetAtMs < (speech.firstPacketAtMs ?? speech.startedAtMs) + cutInMs
}

/** Since when both have been sounding. */
const overlapFromMs = (user: UserSide, speech: Speech): number => Math.max(user.speechOnsetAtMs, speech.startedAtMs)

/** A listening noise that answers nothing: it leaves no trace. */
export function isIdleBackchannel(user: UserSide, assistantWords: string, language: string): boolean {
  if (!user.overlapping) return false
  const text = userText(user)
  return isIdleNoise(text, language) && !(isBackchannel(text, language) && justAsked(assistantWords, language))
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
