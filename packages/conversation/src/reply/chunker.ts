import { hasText } from '../turn/words.ts'
import { BoundaryScanner, type Mark } from './boundary-scanner.ts'
import { lastHanBoundary } from './han-words.ts'
import { speakable, visible } from './speakable.ts'
import { languageOf, rulesOf } from './spoken/language.ts'
import { verbalise } from './spoken/verbalise.ts'
import { chunkOf, type TextChunk, verbatim } from './text-chunk.ts'

/** Tokens after which the first chunk leaves without a clause boundary. */
const firstChunkTokens = 4
const minWords = 2
/** Two words of Chinese, as a rule. */
const minHanCharacters = 4
/** The second chunk is a clause of some length, later ones are sentences. */
const clauseWords = 5
/** A chunk without any sentence end is cut at a clause, then at a blank. */
const longChunkCharacters = 160
/** One without any blank is cut where it stands. */
const maxChunkCharacters = 400
/** Text is looked at in pieces of this size, so that a huge token costs no more than many small ones. */
const sliceCharacters = 64
/** What rules may look back at. */
const contextCharacters = 48

export interface ChunkerOptions {
  /** Main language of the assistant (`en`, `zh-TW`): how numbers and signs are said. */
  readonly language: string
  /** The first chunk leaves as early as possible; else every chunk is a sentence. Default true. */
  readonly eager?: boolean
  /** Numbers, dates and signs in words; false for a voice that does that itself. Default true. */
  readonly verbalise?: boolean
}

/**
 * Cuts the text of a model into chunks for a voice, as it comes: the first one as early as possible, later ones longer.
 * A cut is made only where no continuation can change what was said: never inside a number with its unit, a date, an
 * address or an abbreviation. Memory is bounded, cost is linear in the text.
 */
export class Chunker {
  private readonly scanner = new BoundaryScanner()
  private readonly language: string
  private readonly verbalise: boolean
  private tokens = 0
  private count: number
  /** The end of what was said, and what parted it from the text that follows. */
  private before = ''
  private gap = '\n'

  constructor({ language, eager = true, verbalise = true }: ChunkerOptions) {
    this.language = language
    this.verbalise = verbalise
    this.count = eager ? 0 : 2
  }

  /** Takes one token (delta); returns the chunks it completed, ready to be spoken. */
  push(token: string): TextChunk[] {
    this.tokens += 1
    const chunks: TextChunk[] = []
    for (let from = 0; from < token.length; from += sliceCharacters) {
      this.scanner.append(visible(token.slice(from, from + sliceCharacters)))
      for (let end = this.findCut(); end !== undefined; end = this.findCut()) this.take(end, chunks)
    }
    return chunks
  }

  /** No more text follows. */
  end(): TextChunk[] {
    const chunks: TextChunk[] = []
    this.take(this.scanner.text.length, chunks)
    return chunks
  }

  private take(end: number, chunks: TextChunk[]): void {
    const raw = this.scanner.cut(end)
    const [lead = ''] = /^\s*/u.exec(raw) ?? []
    this.gap = gapOf(this.gap + lead)
    const text = speakable(raw, this.gap === '\n').replace(/^[!?。！？，；：、…”’」』）]+\s*/u, '')
    if (hasText(text)) {
      chunks.push(this.chunk(text, this.before + this.gap))
      this.before = (this.before + this.gap + text).slice(-contextCharacters)
      this.gap = ''
      this.count += 1
    }
    if (raw.length > lead.length) this.gap = gapOf(/\s*$/u.exec(raw)?.[0] ?? '')
  }

  private chunk(text: string, before: string): TextChunk {
    if (!this.verbalise) return verbatim(oneLine(text))
    const pieces = verbalise(text, before, rulesOf(languageOf(text, before, this.language)))
    return chunkOf(pieces.map((piece) => ({ text: oneLine(piece.text), spoken: oneLine(piece.spoken) })))
  }

  private findCut(): number | undefined {
    const { marks, text } = this.scanner
    const first = (accept: (mark: Mark) => boolean, words: number) =>
      marks.find((mark) => mark.words >= words && accept(mark))?.end
    if (this.count === 0 && text.length < longChunkCharacters) {
      const clause = first((mark) => mark.kind !== 'blank', minWords)
      if (clause !== undefined || this.tokens < firstChunkTokens) return clause
      return marks.findLast((mark) => mark.words >= minWords)?.end ?? this.hanCut()
    }
    const clause = this.count < 2 ? first((mark) => mark.kind !== 'blank', clauseWords) : undefined
    const cut = clause ?? first((mark) => mark.kind === 'sentence', 1)
    if (cut !== undefined || text.length < longChunkCharacters) return cut
    const clauseEnd = marks.findLast((mark) => mark.kind === 'clause' && mark.words >= minWords)?.end
    return clauseEnd ?? marks.at(-1)?.end ?? this.hanCut() ?? this.forcedCut()
  }

  private hanCut(): number | undefined {
    const { text, isInMarkup } = this.scanner
    return isInMarkup || !/\p{Script=Han}/u.test(text) ? undefined : lastHanBoundary(text, minHanCharacters)
  }

  /** Not inside a run of digits or a pair of surrogates. */
  private forcedCut(): number | undefined {
    const { text } = this.scanner
    if (text.length < maxChunkCharacters) return undefined
    const blank = text.lastIndexOf(' ')
    if (blank > 0) return blank + 1
    const [tail = ''] = /(?:[\d.,]+|[\u{D800}-\u{DBFF}]|.)$/su.exec(text) ?? []
    return tail.length < text.length ? text.length - tail.length : text.length
  }
}

/** A fixed text as sentences for a voice. */
export function sentencesOf(text: string, options: Omit<ChunkerOptions, 'eager'>): readonly TextChunk[] {
  const chunker = new Chunker({ ...options, eager: false })
  return [...(text.match(/\s*\S+/gu) ?? []).flatMap((word) => chunker.push(word)), ...chunker.end()]
}

const oneLine = (text: string): string => text.replaceAll('\n', ' ')

const gapOf = (space: string): string => (space.includes('\n') ? '\n' : space === '' ? '' : ' ')
