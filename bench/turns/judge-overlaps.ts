import { startsOf } from './judge-turns.ts'
import type { CallerAct, TalkRecord, WireSpan } from './talk-record.ts'

/** What a sound at the caller's end did to the assistant. Durations from its onset unless they say otherwise. */
export interface OverlapMeasure {
  readonly record: TalkRecord
  readonly act: CallerAct
  /** The assistant was heard in the 200 ms before the onset. The next five are null or false otherwise. */
  readonly wasHeard: boolean
  /** To the first sound at least 12 dB down, or to silence. */
  readonly duckMs: number | null
  /** To the end of the last sound before the utterance was given up. Null: it was not. */
  readonly stopMs: number | null
  /** Silent within two seconds, given up or finished. */
  readonly yieldsInTime: boolean
  /** For how long the assistant was ducked in the course of the sound, ms; 0: it was not. */
  readonly loweredMs: number
  /** The longest silence within the utterance from the onset on, ms; 0: none. */
  readonly chopMs: number
  /** From the end of the sound to the utterance at full level again, when it was ducked or paused. */
  readonly resumeMs: number | null
  /** The assistant gave up what it was saying, or answered: within a second of the sound's end, and at all. */
  readonly isTakenInWindow: boolean
  readonly isTaken: boolean
  readonly repeatedWords: number
}

const beforeMs = 200
const yieldWithinMs = 2_000
const ignoreWindowMs = 1_000
/** What was not begun by then is not blamed on the sound. */
const blameMs = 3_000
/** What ends with the call was not given up. */
const hangUpMs = 300
/** A duck or a pause that begins later than this after a sound is not its doing. */
const releaseWithinMs = 300

/** Reactions to interruptions and to everything that is no interruption. An echo is one long sound. */
export function judgeOverlaps(record: TalkRecord): OverlapMeasure[] {
  return record.acts.flatMap((act) => {
    if (act.kind === 'interrupt' || act.kind === 'backchannel' || act.kind === 'noise' || act.kind === 'other_talk')
      return [judgeOverlap(record, act)]
    return act.kind === 'echo' ? [judgeOverlap(record, { ...act, toMs: record.endedMs })] : []
  })
}

function judgeOverlap(record: TalkRecord, act: CallerAct): OverlapMeasure {
  const { wire } = record
  const onsetMs = act.fromMs
  const heard = wire.findLast(({ fromMs, toMs }) => fromMs <= onsetMs && toMs > onsetMs - beforeMs)
  const spans = heard
    ? wire.filter(({ utterance, toMs }) => utterance === heard.utterance && toMs > onsetMs - beforeMs)
    : []
  const details = record.utterances.find(({ utterance }) => utterance === heard?.utterance)
  const lastMs = spans.at(-1)?.toMs ?? onsetMs
  const isHungUp = lastMs >= record.endedMs - hangUpMs
  const isGivenUp = details?.sentWords != null && details.sentWords < details.totalWords && !isHungUp
  const cutMs = isGivenUp && lastMs >= onsetMs && lastMs <= act.toMs + blameMs ? lastMs : null
  const answeredMs = act.kind === 'echo' ? echoAnswerMs(record) : falseAnswerMs(record, act)
  const isTakenBy = (limitMs: number) =>
    (cutMs !== null && cutMs <= limitMs) || (answeredMs !== null && answeredMs <= limitMs)
  const nextMs =
    record.acts.find((other) => other !== act && other.fromMs > act.fromMs)?.fromMs ?? Number.POSITIVE_INFINITY
  const reply = record.acts.find((other) => isReal(other) && other.fromMs > onsetMs)
  const windowMs = act.kind === 'echo' ? (reply?.fromMs ?? record.endedMs) : act.toMs + ignoreWindowMs
  const isEchoCut = act.kind === 'echo' && record.utterances.some((item) => isCutByNobody(record, item.utterance))
  return {
    record,
    act,
    wasHeard: heard !== undefined,
    duckMs: heard ? duckAfter(spans, onsetMs) : null,
    stopMs: cutMs === null ? null : cutMs - onsetMs,
    yieldsInTime:
      heard !== undefined &&
      (lastMs <= onsetMs + yieldWithinMs || (cutMs !== null && cutMs <= onsetMs + yieldWithinMs)),
    loweredMs: loweredDuring(record, onsetMs, act.toMs + releaseWithinMs),
    chopMs: longestGap(spans, onsetMs),
    resumeMs: heard ? resumeAfter(spans, act.toMs, Math.min(nextMs, act.toMs + releaseWithinMs)) : null,
    isTakenInWindow: isEchoCut || isTakenBy(windowMs),
    isTaken: isEchoCut || isTakenBy(act.toMs + blameMs),
    repeatedWords: details?.repeatedWords ?? 0,
  }
}

const isReal = (act: CallerAct) =>
  act.kind === 'say' || (act.kind === 'interrupt' && act.label === 'bargein') || act.kind === 'dtmf'

/** A reply that began after the sound although the caller had said nothing that was still unanswered. */
function falseAnswerMs(record: TalkRecord, act: CallerAct): number | null {
  if (act.label !== 'ignore') return null
  const nextMs =
    record.acts.find((other) => isReal(other) && other.fromMs > act.fromMs)?.fromMs ?? Number.POSITIVE_INFINITY
  const replies = startsOf(record.wire).filter(({ utterance }) => isReply(record, utterance))
  const before = record.acts.findLast((other) => isReal(other) && other.fromMs <= act.fromMs)
  const isAnswered = !before || replies.some(({ fromMs }) => fromMs > before.toMs && fromMs <= act.fromMs)
  const begun = replies.filter(({ fromMs }) => fromMs > act.fromMs && fromMs < nextMs)
  return (isAnswered ? begun[0] : begun[1])?.fromMs ?? null
}

/** More replies than questions. */
function echoAnswerMs(record: TalkRecord): number | null {
  const asked = record.acts.filter((act) => act.kind === 'say' || act.kind === 'interrupt').length
  return startsOf(record.wire).filter(({ utterance }) => isReply(record, utterance))[asked]?.fromMs ?? null
}

/** Given up although the caller was not speaking. */
function isCutByNobody(record: TalkRecord, utterance: number): boolean {
  const item = record.utterances.find((other) => other.utterance === utterance)
  if (item?.sentWords == null || item.sentWords >= item.totalWords) return false
  const cutMs = record.wire.findLast((span) => span.utterance === utterance)?.toMs ?? 0
  if (cutMs >= record.endedMs - hangUpMs) return false
  return !record.acts.some((act) => isReal(act) && act.fromMs < cutMs && act.toMs > cutMs - 2_000)
}

const isReply = (record: TalkRecord, utterance: number) =>
  record.utterances.some(
    (item) => item.utterance === utterance && (item.source === 'reply' || item.source === 'silencePrompt'),
  )

function duckAfter(spans: readonly WireSpan[], onsetMs: number): number | null {
  let soundsUntilMs = onsetMs
  for (const { fromMs, toMs, isDucked } of spans) {
    if (toMs <= onsetMs) continue
    if (fromMs > soundsUntilMs + 20) return soundsUntilMs - onsetMs
    if (isDucked) return Math.max(0, fromMs - onsetMs)
    soundsUntilMs = toMs
  }
  return soundsUntilMs > onsetMs ? soundsUntilMs - onsetMs : null
}

/** Ducked spans that begin in that time, and not while the caller really spoke. */
function loweredDuring({ wire, acts }: TalkRecord, fromMs: number, untilMs: number): number {
  const isAnswerTo = (span: WireSpan) =>
    acts.some((act) => isReal(act) && act.fromMs <= span.fromMs && span.fromMs <= act.toMs + releaseWithinMs)
  return wire
    .filter((span) => span.isDucked && span.fromMs >= fromMs && span.fromMs <= untilMs && !isAnswerTo(span))
    .reduce((total, span) => total + span.toMs - span.fromMs, 0)
}

function longestGap(spans: readonly WireSpan[], onsetMs: number): number {
  return spans.reduce((longest, span, index) => {
    const before = spans[index - 1]
    return before && span.fromMs > onsetMs ? Math.max(longest, span.fromMs - before.toMs) : longest
  }, 0)
}

/** `untilMs`: what is low, or silent, only later has another cause. */
function resumeAfter(spans: readonly WireSpan[], endedMs: number, untilMs: number): number | null {
  const isLow = (span: WireSpan, index: number) =>
    (span.isDucked && span.fromMs < untilMs) || (isAfterGap(spans, index) && (spans[index - 1]?.toMs ?? 0) < untilMs)
  const low = spans.findLastIndex(isLow)
  const full = spans.slice(Math.max(0, low)).find(({ isDucked }) => !isDucked)
  return low < 0 || !full ? null : Math.max(0, full.fromMs - endedMs)
}

function isAfterGap(spans: readonly WireSpan[], index: number): boolean {
  const [before, span] = [spans[index - 1], spans[index]]
  return before !== undefined && span !== undefined && span.fromMs - before.toMs > 20
}
