import type { HeardWord } from '../../watermark.ts'
import type { WireSpan } from '../talk-record.ts'

/** 10 ms at 8 kHz. */
const blockSamples = 80
const silenceDb = -55
const duckedDb = 12
/** Shorter holes are seams of the recording or of the tones. */
const joinMs = 15
const edgeMs = 20
/** Of the simulated voice. */
const wordMs = 180
/** A sound this near to a word may belong to it: two stalls of a network. */
const nearMs = 300
/** Utterances of which no word was heard are counted from here, by the word before them. */
const firstUnreadable = 2_000_000

interface Stretch {
  readonly fromMs: number
  toMs: number
  readonly isDucked: boolean
}

/**
 * The assistant's sound in what the phone heard (`Int16` mono 8 kHz from ms 0 of the talk), each stretch with the
 * utterance its words name. `nameOf`: the utterance of a word, so that those without a number can be told apart.
 */
export function wireSpans(
  samples: Int16Array,
  words: readonly HeardWord[],
  nameOf: (word: HeardWord) => number,
): WireSpan[] {
  return stretches(samples).flatMap(({ fromMs, toMs, isDucked }) => {
    const own = words.filter(({ fromSample }) => fromSample / 8 >= fromMs - 200 && fromSample / 8 < toMs)
    const spans: WireSpan[] = []
    for (const word of own) {
      const utterance = nameOf(word)
      const last = spans.at(-1)
      if (last?.utterance === utterance) continue
      const atMs = Math.max(fromMs, word.fromSample / 8)
      if (last) spans[spans.length - 1] = { ...last, toMs: atMs }
      spans.push({ utterance, fromMs: last ? atMs : fromMs, toMs, isDucked })
    }
    if (spans.length > 0) return spans
    // Too short for a whole word: the end of the one before, or the beginning of the one after, or one that was given up.
    const beforeIndex = words.findLastIndex(({ fromSample }) => fromSample / 8 < toMs)
    const before = words[beforeIndex]
    const after = words.find(({ fromSample }) => fromSample / 8 >= toMs)
    const sinceMs = before ? fromMs - before.fromSample / 8 - wordMs : Number.POSITIVE_INFINITY
    const untilMs = after ? after.fromSample / 8 - toMs : Number.POSITIVE_INFINITY
    const near = sinceMs <= untilMs ? before : after
    if (!near) return []
    const utterance = Math.min(sinceMs, untilMs) <= nearMs ? nameOf(near) : firstUnreadable + beforeIndex + 1
    return [{ utterance, fromMs, toMs, isDucked }]
  })
}

function stretches(samples: Int16Array): Stretch[] {
  const levels = levelsOf(samples)
  const full = quantileOfLoud(levels)
  const found: Stretch[] = []
  levels.forEach((level, index) => {
    if (level < silenceDb) return
    const fromMs = index * 10
    const isDucked = level < full - duckedDb
    const last = found.at(-1)
    if (last && last.isDucked === isDucked && fromMs - last.toMs <= joinMs) last.toMs = fromMs + 10
    else found.push({ fromMs: last && fromMs - last.toMs <= joinMs ? last.toMs : fromMs, toMs: fromMs + 10, isDucked })
  })
  return found.reduce<Stretch[]>((kept, stretch) => {
    // The last block of a sound is only partly filled: that is no lowering.
    const last = kept.at(-1)
    const isEdge = stretch.isDucked && stretch.toMs - stretch.fromMs <= edgeMs
    const next = isEdge ? { ...stretch, isDucked: false } : stretch
    if (last && last.isDucked === next.isDucked && next.fromMs - last.toMs <= joinMs) last.toMs = next.toMs
    else kept.push(next)
    return kept
  }, [])
}

function levelsOf(samples: Int16Array): number[] {
  const levels: number[] = []
  for (let at = 0; at + blockSamples <= samples.length; at += blockSamples) {
    let energy = 0
    for (let i = at; i < at + blockSamples; i += 1) energy += (samples[i] as number) ** 2
    levels.push(10 * Math.log10(energy / blockSamples + 1e-9) - 20 * Math.log10(32_768))
  }
  return levels
}

/** The simulated voice is as loud everywhere: what most loud blocks have is full level. */
function quantileOfLoud(levels: readonly number[]): number {
  const loud = levels.filter((level) => level > -30).sort((a, b) => a - b)
  return loud[loud.length >> 1] ?? -20
}
