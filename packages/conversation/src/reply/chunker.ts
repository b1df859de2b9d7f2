import { hasText, wordsOf } from '../turn/words.ts'
import { type Boundary, boundaries } from './boundaries.ts'
import { speakable } from './speakable.ts'

/** Tokens after which the first chunk leaves without a clause boundary. */
const firstChunkTokens = 4
const minWords = 2
/** The second chunk is a clause of some length, later ones are sentences. */
const clauseWords = 5
/** A chunk without any sentence end is cut at a clause, then at a blank. */
const longChunkCharacters = 160

/**
 * Cuts the text of a model into pieces for a voice, as it comes: the first one as early as possible, later ones longer.
 * Never cuts inside a number, an address or an abbreviation.
 */
export class Chunker {
  private buffer = ''
  private tokens = 0
  private count: number

  /** `eager`: the first chunk leaves as early as possible; else every chunk is a sentence. */
  constructor(eager = true) {
    this.count = eager ? 0 : 2
  }

  /** Takes one token (delta); returns the chunks it completed, ready to be spoken. */
  push(token: string): string[] {
    this.buffer += token
    this.tokens += 1
    const chunks: string[] = []
    for (let end = this.findCut(); end !== undefined; end = this.findCut()) this.take(end, chunks)
    return chunks
  }

  /** No more text follows. */
  end(): string[] {
    const chunks: string[] = []
    this.take(this.buffer.length, chunks)
    return chunks
  }

  private take(end: number, chunks: string[]): void {
    const chunk = speakable(this.buffer.slice(0, end))
    this.buffer = this.buffer.slice(end)
    if (!hasText(chunk)) return
    chunks.push(chunk)
    this.count += 1
  }

  private findCut(): number | undefined {
    const marks = boundaries(this.buffer)
    const first = (accept: (mark: Boundary) => boolean, words: number) =>
      marks.find((mark) => accept(mark) && this.wordsBefore(mark) >= words)?.end
    if (this.count === 0) {
      return (
        first((mark) => mark.kind !== 'blank', minWords) ??
        (this.tokens >= firstChunkTokens
          ? marks.findLast((mark) => this.wordsBefore(mark) >= minWords)?.end
          : undefined)
      )
    }
    const clause = this.count === 1 ? first((mark) => mark.kind !== 'blank', clauseWords) : undefined
    const cut = clause ?? first((mark) => mark.kind === 'sentence', 1)
    if (cut !== undefined || this.buffer.length < longChunkCharacters) return cut
    return first((mark) => mark.kind === 'clause', minWords) ?? marks.at(-1)?.end
  }

  private wordsBefore(mark: Boundary): number {
    return wordsOf(speakable(this.buffer.slice(0, mark.end))).length
  }
}

/** A fixed text as sentences for a voice. */
export function sentencesOf(text: string): readonly string[] {
  const chunker = new Chunker(false)
  return [...(text.match(/\s*\S+/gu) ?? []).flatMap((word) => chunker.push(word)), ...chunker.end()]
}
