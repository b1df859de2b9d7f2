import type { Transcript } from '@parley/core'
import { prerollMs, type StretchAssembler } from './live-dialect.ts'
import type { LiveResult, LiveWord } from './live-message.ts'

/** A voiced stretch whose final is owed. Times are media ms. */
interface Stretch {
  readonly fromMs: number
  /** Absent while the voice goes on. */
  stoppedMs?: number
}

interface Part {
  readonly words: readonly LiveWord[]
  readonly confidence: number
}

const noPart: Part = { words: [], confidence: 0 }

/**
 * Stretches whose finals are asked for with `Finalize`.
 *
 * The service sees one stream and knows nothing of stretches. What it says before it answers a `Finalize` belongs to
 * the stretch that asked; words that arrive after their stretch was closed are recognised by their time and dropped.
 */
export class FinalizedStretches implements StretchAssembler<LiveResult> {
  private readonly open: Stretch[] = []
  /** Parts that will not change, since the last closed stretch. */
  private settled: Part[] = []
  private interim: Part = noPart
  private closedUntilMs = Number.NEGATIVE_INFINITY
  /** Earlier words are no part of what is being assembled: said before the stretch, or already in a final. */
  private notBeforeMs = Number.NEGATIVE_INFINITY
  private lastPartial = ''

  /** Stretches that ended and still wait for their final. */
  get owed(): number {
    return this.open.filter((stretch) => stretch.stoppedMs !== undefined).length
  }

  started(mediaMs: number): Transcript[] {
    this.open.push({ fromMs: mediaMs })
    if (this.open.length > 1) return []
    this.notBeforeMs = Math.max(this.closedUntilMs, mediaMs - prerollMs)
    this.settled = this.settled.map((part) => later(part, this.notBeforeMs))
    this.interim = later(this.interim, this.notBeforeMs)
    return this.partial()
  }

  stopped(mediaMs: number): readonly Transcript[] {
    const last = this.open.at(-1)
    if (last && last.stoppedMs === undefined) last.stoppedMs = mediaMs
    else this.open.push({ fromMs: mediaMs, stoppedMs: mediaMs })
    return []
  }

  result(result: LiveResult, toMedia: (streamMs: number) => number): Transcript[] {
    const words = result.words.map(({ text, fromMs, toMs }) => ({ text, fromMs: toMedia(fromMs), toMs: toMedia(toMs) }))
    const part = later({ words, confidence: result.confidence }, this.notBeforeMs)
    if (result.isFinal) {
      this.settled.push(part)
      this.interim = noPart
    } else {
      this.interim = part
    }
    if (result.fromFinalize && this.owed > 0 && toMedia(result.toMs) > this.closedUntilMs) return this.closeOldest()
    return this.open.length > 0 ? this.partial() : []
  }

  closeOldest(): Transcript[] {
    const stretch = this.open.shift()
    if (!stretch) return []
    const stoppedMs = stretch.stoppedMs ?? this.lastWordMs() ?? stretch.fromMs
    const final = this.transcript('final', stretch, stoppedMs)
    this.closedUntilMs = Math.max(stoppedMs, final.toMs)
    this.notBeforeMs = this.closedUntilMs
    this.forget()
    return [final]
  }

  get isEmpty(): boolean {
    return this.open.length === 0
  }

  forget(): void {
    this.settled = []
    this.interim = noPart
    this.lastPartial = ''
  }

  private partial(): Transcript[] {
    const stretch = this.open[0]
    if (!stretch) return []
    const transcript = this.transcript('partial', stretch, stretch.stoppedMs ?? stretch.fromMs)
    if (transcript.text === '' || transcript.text === this.lastPartial) return []
    this.lastPartial = transcript.text
    return [transcript]
  }

  private transcript(kind: Transcript['kind'], stretch: Stretch, stoppedMs: number): Transcript {
    const parts = [...this.settled, this.interim].filter((part) => part.words.length > 0)
    const words = parts.flatMap((part) => part.words)
    return {
      kind,
      text: words.map((word) => word.text).join(' '),
      fromMs: words[0]?.fromMs ?? stretch.fromMs,
      toMs: words.at(-1)?.toMs ?? stoppedMs,
      ...(parts.length > 0 && { confidence: Math.min(...parts.map((part) => part.confidence)) }),
    }
  }

  private lastWordMs(): number | undefined {
    return (this.interim.words.at(-1) ?? this.settled.at(-1)?.words.at(-1))?.toMs
  }
}

function later(part: Part, earliestMs: number): Part {
  return { ...part, words: part.words.filter((word) => (word.fromMs + word.toMs) / 2 > earliestMs) }
}
