import type { Transcript, TurnHint } from '@parley/core'
import type { FluxEvent, FluxTurnInfo, FluxWord } from './flux-message.ts'
import { prerollMs, type StretchAssembler } from './live-dialect.ts'

/** A voiced stretch whose final is owed. Times are media ms. */
interface Stretch {
  readonly fromMs: number
  /** Absent while the voice goes on. */
  stoppedMs?: number
}

const hints: Partial<Record<FluxEvent, TurnHint['state']>> = {
  EagerEndOfTurn: 'eager',
  TurnResumed: 'resumed',
  EndOfTurn: 'confirmed',
}
/** Of two stretches in one turn the later one has the words from so long before its voice on. Taste. */
const laterFromMs = 150
/** A word is in the transcript once the model has heard this much beyond it. Taste; the model steps by 80 ms. */
const settleMs = 240

/**
 * Stretches cut out of the turns of a service that finds the ends of turns itself.
 *
 * Each message repeats all words of the turn. Words that went into a final are counted and not given again. The final
 * of a stretch is due when the service calls the turn over, or when it has heard well beyond the end of the voice:
 * what it says of a turn that goes on is not waited for. Words of a turn that ended while the voice goes on are kept.
 */
export class FluxStretches implements StretchAssembler<FluxTurnInfo> {
  private readonly open: Stretch[] = []
  /** Words of turns that are over, not yet in a final. */
  private kept: readonly FluxWord[] = []
  /** The current turn, its times in media ms. */
  private words: readonly FluxWord[] = []
  private turnIndex = -1
  /** So many words of the turn are in finals, or were said outside of stretches. */
  private given = 0
  private heardToMs = Number.NEGATIVE_INFINITY
  /** Earlier words are no part of what is being put together. */
  private notBeforeMs = Number.NEGATIVE_INFINITY
  /** The service believes that nothing more comes in this turn. */
  private isOver = false
  private lastPartial = ''

  get isEmpty(): boolean {
    return this.open.length === 0
  }

  started(mediaMs: number): readonly Transcript[] {
    if (this.open.length === 0) {
      this.kept = []
      this.notBeforeMs = mediaMs - prerollMs
      this.skipEarlier()
    }
    this.open.push({ fromMs: mediaMs })
    return this.partial()
  }

  stopped(mediaMs: number): readonly Transcript[] {
    const last = this.open.at(-1)
    if (last && last.stoppedMs === undefined) last.stoppedMs = mediaMs
    else this.open.push({ fromMs: mediaMs, stoppedMs: mediaMs })
    return this.settled()
  }

  result(info: FluxTurnInfo, toMedia: (streamMs: number) => number): readonly (Transcript | TurnHint)[] {
    if (info.turnIndex !== this.turnIndex) this.nextTurn(info.turnIndex)
    this.words = info.words.map((word) => inMediaTime(word, toMedia))
    this.heardToMs = toMedia(info.heardToMs)
    this.skipEarlier()
    this.isOver = info.event === 'EagerEndOfTurn' || info.event === 'EndOfTurn'
    const state = hints[info.event]
    const hint: TurnHint[] = state ? [{ kind: 'turn', state, toMs: this.heardToMs }] : []
    const finals = this.settled()
    return [...finals, ...this.partial(), ...hint]
  }

  closeOldest(): readonly Transcript[] {
    const stretch = this.open.shift()
    if (!stretch) return []
    const words = this.pendingOf(stretch)
    const final = this.transcript('final', stretch, words)
    this.given += words.length - this.kept.length
    this.kept = []
    this.lastPartial = ''
    return [final]
  }

  forget(): void {
    this.words = []
    this.nextTurn(-1)
    this.kept = []
    this.heardToMs = Number.NEGATIVE_INFINITY
    this.lastPartial = ''
  }

  /** Finals that are due. */
  private settled(): readonly Transcript[] {
    const due: Transcript[] = []
    for (let stretch = this.open[0]; stretch && this.isSettled(stretch); stretch = this.open[0]) {
      due.push(...this.closeOldest())
    }
    return due
  }

  private isSettled({ stoppedMs }: Stretch): boolean {
    if (stoppedMs === undefined) return false
    return this.heardToMs >= stoppedMs + (this.isOver ? 0 : settleMs)
  }

  private nextTurn(index: number): void {
    this.kept = this.open.length === 0 ? [] : [...this.kept, ...this.words.slice(this.given)]
    this.turnIndex = index
    this.words = []
    this.given = 0
    this.isOver = false
  }

  /** What was said before is no part of the stretch. Without times of words, what was heard before. */
  private skipEarlier(): void {
    const isEarlier = (word: FluxWord) => (word.toMs ?? this.heardToMs) < this.notBeforeMs
    while (this.given < this.words.length && isEarlier(this.words[this.given] as FluxWord)) this.given += 1
  }

  /** Words that belong to the stretch and not to the one after it, as far as they have times. */
  private pendingOf(stretch: Stretch): readonly FluxWord[] {
    const next = this.open.find((other) => other.fromMs > stretch.fromMs)
    const fresh = this.words.slice(this.given)
    const end = next ? fresh.findIndex((word) => middle(word) > next.fromMs - laterFromMs) : -1
    return [...this.kept, ...(end < 0 ? fresh : fresh.slice(0, end))]
  }

  private partial(): readonly Transcript[] {
    const stretch = this.open[0]
    if (!stretch) return []
    const transcript = this.transcript('partial', stretch, this.pendingOf(stretch))
    if (transcript.text === '' || transcript.text === this.lastPartial) return []
    this.lastPartial = transcript.text
    return [transcript]
  }

  private transcript(kind: Transcript['kind'], stretch: Stretch, words: readonly FluxWord[]): Transcript {
    const heardToMs = Math.max(stretch.fromMs, Math.min(this.heardToMs, stretch.stoppedMs ?? this.heardToMs))
    return {
      kind,
      text: words.map((word) => word.text).join(' '),
      fromMs: words[0]?.fromMs ?? stretch.fromMs,
      toMs: words.length === 0 ? (stretch.stoppedMs ?? heardToMs) : (words.at(-1)?.toMs ?? heardToMs),
      ...confidenceOf(words),
    }
  }
}

/** Without times a word belongs to the stretch that is closed first. */
const middle = ({ fromMs, toMs }: FluxWord) =>
  fromMs === undefined || toMs === undefined ? Number.NEGATIVE_INFINITY : (fromMs + toMs) / 2

function confidenceOf(words: readonly FluxWord[]): Pick<Transcript, 'confidence'> {
  const known = words.flatMap(({ confidence }) => confidence ?? [])
  return known.length > 0 ? { confidence: known.reduce((sum, each) => sum + each, 0) / known.length } : {}
}

function inMediaTime(word: FluxWord, toMedia: (streamMs: number) => number): FluxWord {
  if (word.fromMs === undefined || word.toMs === undefined) return word
  return { ...word, fromMs: toMedia(word.fromMs), toMs: toMedia(word.toMs) }
}
