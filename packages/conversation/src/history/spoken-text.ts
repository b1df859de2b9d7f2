import { sampleRateHz } from '@parley/core'
import { isSpaceless, joinText } from '../turn/words.ts'

/** Guess while the voice's own rate is unknown: characters a second of ordinary telephone speech. */
const charactersPerSecond = 15
const spacelessPerSecond = 4.5

interface Chunk {
  readonly text: string
  samples: number
  complete: boolean
}

/**
 * Which words of an utterance a number of played samples stands for.
 *
 * Text arrives as chunks, audio as samples of a chunk. Inside a chunk the position is estimated in proportion to the
 * characters, and only words that are through count as heard.
 */
export class SpokenText {
  private readonly chunks: Chunk[] = []

  addText(text: string): void {
    this.chunks.push({ text, samples: 0, complete: false })
  }

  /** Audio of a chunk; that of the chunks before it is then complete. */
  addSamples(item: number, count: number): void {
    const chunk = this.chunks[Math.min(item, this.chunks.length - 1)]
    if (!chunk) return
    chunk.samples += count
    for (const earlier of this.chunks.slice(0, item)) earlier.complete = true
  }

  /** No more audio comes. */
  complete(): void {
    for (const chunk of this.chunks) chunk.complete = true
  }

  get text(): string {
    return this.chunks.reduce((text, chunk) => joinText(text, chunk.text), '')
  }

  /** First sample of the word that was being said at `playedSamples`. */
  wordStart(playedSamples: number): number {
    let from = 0
    for (const chunk of this.chunks) {
      const total = this.lengthOf(chunk)
      if (playedSamples < from + total) {
        const heard = leadingWords(chunk.text, (playedSamples - from) / total)
        return Math.round(from + (heard.length / chunk.text.length) * total)
      }
      from += total
    }
    return playedSamples
  }

  heard(playedSamples: number): string {
    let left = playedSamples
    let text = ''
    for (const chunk of this.chunks) {
      const total = this.lengthOf(chunk)
      const part = total === 0 ? 1 : Math.min(1, left / total)
      if (left <= 0) break
      text = joinText(text, part >= 1 ? chunk.text : leadingWords(chunk.text, part))
      if (part < 1) break
      left -= total
    }
    return text
  }

  private lengthOf(chunk: Chunk): number {
    return chunk.complete ? chunk.samples : Math.max(chunk.samples, estimatedSamples(chunk.text))
  }
}

/** Words of `text` that end within its first `part` (0..1), counted in characters. */
function leadingWords(text: string, part: number): string {
  const limit = part * text.length
  let end = 0
  for (const word of text.matchAll(wordPattern)) {
    const wordEnd = word.index + word[0].length
    if (wordEnd > limit) break
    end = wordEnd
  }
  return text.slice(0, end)
}

const wordPattern =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[^\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+/gu

function estimatedSamples(text: string): number {
  const spaceless = [...text].filter(isSpaceless).length
  const seconds = spaceless / spacelessPerSecond + (text.length - spaceless) / charactersPerSecond
  return seconds * sampleRateHz
}
