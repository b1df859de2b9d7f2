import { completeness } from './language/completeness.ts'
import { type Draft, languageOf } from './state.ts'
import type { Segment, UserSide } from './user-side.ts'
import { hasText, joinText, normalise, wordsOf } from './words.ts'

interface Transcript {
  readonly kind: 'partial' | 'final'
  readonly text: string
  readonly fromMs: number
  readonly toMs: number
}

/** Texts of segments already joined; a list of segments never changes. */
const joined = new WeakMap<readonly Segment[], string>()

/** What the user said in the open turn, as far as it is known. */
export function userText({ segments }: UserSide): string {
  const known = joined.get(segments)
  if (known !== undefined) return known
  const text = segments.reduce((before, segment) => joinText(before, segment.text), '')
  joined.set(segments, text)
  return text
}

/** Takes a recognition result into the open turn, the answered one, or a new one. */
export function hear(draft: Draft, event: Transcript): void {
  const { state } = draft
  if (isOfAnswered(draft, event)) {
    hearLate(draft, event)
    return
  }
  if (state.user.openedAtMs === null) {
    if (!hasText(event.text)) return
    if (isOwnEcho(draft, event)) return
    openByText(draft, event.kind)
  }
  const { user } = state
  const isFinal = event.kind === 'final'
  const wasNoise = isFinal && !hasText(event.text) && user.pendingFinals === 1 && !user.voiced
  state.user = {
    ...user,
    lastVoiceAtMs: wasNoise && user.wordsVoiceAtMs > 0 ? user.wordsVoiceAtMs : user.lastVoiceAtMs,
    wordsVoiceAtMs: hasText(event.text) ? user.lastVoiceAtMs : user.wordsVoiceAtMs,
    finalOwed: false,
    segments: withSegment(user.segments, { text: event.text, fromMs: event.fromMs, toMs: event.toMs, final: isFinal }),
    current: user.current || event.toMs > user.onsetMediaMs,
    recognisedToMs: Math.max(user.recognisedToMs, event.toMs),
    pendingFinals: isFinal ? Math.max(0, user.pendingFinals - 1) : user.pendingFinals,
    finalAtMs: isFinal ? draft.nowMs : user.finalAtMs,
  }
  state.deafStretches = 0
  read(draft, userText(user))
  if (hasText(event.text)) understood(draft)
}

/** Takes in what the words now say. */
function read({ state, nowMs, rules }: Draft, before: string): void {
  const text = userText(state.user)
  if (text === before) return
  const { expecting, length } = state.asked
  const reads = completeness(text, languageOf(rules), expecting, length)
  state.user = { ...state.user, changedAtMs: nowMs, completeness: reads }
}

/** The user is there: prompts and the silence limit start anew. */
export function understood(draft: Draft): void {
  draft.state.lastSaidAtMs = draft.nowMs
  draft.state.prompts = 0
}

/**
 * A final replaces the partial before it, and any final of the same stretch of time (two finals for one utterance). One without
 * words only ends the partial: a sound after the words, dated into them, must not erase them.
 */
function withSegment(segments: readonly Segment[], next: Segment): readonly Segment[] {
  const finals = segments.filter((segment) => segment.final)
  const repeats = (old: Segment) => isSameStretch(old, next)
  if (!next.final) return finals.some(repeats) ? segments : [...finals, next]
  return hasText(next.text) ? [...finals.filter((segment) => !repeats(segment)), next] : finals
}

/**
 * Recognisers date generously: results of two stretches may overlap by the time it took to notice the pause between
 * them. The same stretch has most of the shorter one in common.
 */
function isSameStretch(old: Segment, next: Segment): boolean {
  const sharedMs = Math.min(old.toMs, next.toMs) - Math.max(old.fromMs, next.fromMs)
  return sharedMs > 0.5 * Math.min(old.toMs - old.fromMs, next.toMs - next.fromMs)
}

/** The recogniser heard somebody whom the voice detector missed, or found text after the stretch was given up. */
function openByText(draft: Draft, kind: Transcript['kind']): void {
  const { user } = draft.state
  draft.state.user = {
    ...user,
    openedAtMs: user.lastVoiceAtMs > 0 ? user.onsetAtMs : draft.nowMs,
    openedMediaMs: user.onsetMediaMs,
    lastVoiceAtMs: kind === 'partial' || user.lastVoiceAtMs === 0 ? draft.nowMs : user.lastVoiceAtMs,
  }
}

function isOfAnswered(draft: Draft, event: Transcript): boolean {
  const { answered, user } = draft.state
  if (!answered) return false
  if (user.openedAtMs !== null) return event.toMs > 0 && event.toMs <= user.openedMediaMs
  return answered.awaitingFinal || normalise(answered.text) === normalise(event.text)
}

/**
 * The reply to this utterance is audible already: words that are new open, or extend, the next turn. The same words heard
 * a little differently are no new question; answering them again would be talking over the caller.
 */
function hearLate(draft: Draft, event: Transcript): void {
  const { state } = draft
  const { answered } = state
  if (event.kind === 'partial' || !answered?.awaitingFinal) return
  state.answered = { ...answered, awaitingFinal: false }
  if (!hasText(event.text) || normalise(answered.unconfirmed) === normalise(event.text)) return
  const text = wordsBeyond(answered.unconfirmed, event.text)
  if (text === event.text && isRevision(answered.unconfirmed, text)) return
  const { user } = state
  const segment: Segment = { text, fromMs: event.fromMs, toMs: event.toMs, final: true }
  state.user = {
    ...user,
    openedAtMs: user.openedAtMs ?? user.onsetAtMs,
    segments: [segment, ...user.segments],
    current: !user.voiced,
  }
  read(draft, userText(user))
  // Said before the assistant began, so it is not an interruption.
  if (state.speech) {
    state.speech = { ...state.speech, baseWords: state.speech.baseWords + wordsOf(text).length }
  }
  understood(draft)
}

/** The assistant's own words come back from the line this long after it has spoken. Taste. */
const echoTailMs = 1500
const echoWords = 3

/** Text without a voiced stretch, of what the assistant is saying or has just said. */
function isOwnEcho({ state, nowMs }: Draft, event: Transcript): boolean {
  if (event.kind === 'final' && state.user.finalOwed) return false
  if (state.speech !== null) return true
  const words = wordsOf(event.text)
  if (nowMs > state.spokeUntilMs + echoTailMs || words.length < echoWords) return false
  return sharedWords(wordsOf(state.lastWords), words) >= revisionShare * words.length
}

/** Share of words two results have in common from which they are one utterance recognised twice. Taste. */
const revisionShare = 0.6

/** A result that is no longer and differs is the same sound heard otherwise: "nose", "no". */
function isRevision(known: string, text: string): boolean {
  const [before, after] = [wordsOf(known), wordsOf(text)]
  if (after.length <= before.length) return true
  return sharedWords(before, after) >= revisionShare * Math.max(after.length, before.length)
}

/** How many of `words` are among `known`, each counted once. */
function sharedWords(known: readonly string[], words: readonly string[]): number {
  const left = [...known]
  return words.filter((word) => {
    const at = left.indexOf(word)
    if (at >= 0) left.splice(at, 1)
    return at >= 0
  }).length
}

/** The rest of `text` when it begins with `known`, else all of it. */
function wordsBeyond(known: string, text: string): string {
  const pieces = text.trim().split(/(?<=\s)/u)
  for (let count = 1; count < pieces.length; count += 1) {
    if (normalise(pieces.slice(0, count).join('')) === normalise(known)) return pieces.slice(count).join('').trim()
  }
  return text
}
