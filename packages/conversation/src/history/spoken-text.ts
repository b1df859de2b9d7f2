import { sampleRateHz } from '@parley/core'
import { spokenEnd, type TextChunk } from '../reply/text-chunk.ts'
import { isSpaceless, joinText } from '../turn/words.ts'

/** Guess while the voice's own rate is unknown: characters a second of ordinary telephone speech. */
const charactersPerSecond = 15
const spacelessPerSecond = 4.5

interface Heard {
  readonly chunk: TextChunk
  samples: number
  complete: boolean
}

/**
 * Which words of an utterance a number of played samples stands for.
 *
 * Text arrives as chunks, audio as samples of a chunk. Inside a chunk the position is estimated in proportion to the
 * characters that were said ("five dollars"); the words that were written for them ("$5") count as heard when they are
 * through.
 */
export class SpokenText {
  private readonly chunks: Heard[] = []

  addText(chunk: TextChunk): void {
    this.chunks.push({ chunk, samples: 0, complete: false })
  }

  /** Audio of a chunk; that of the chunks before it is then complete. */
  addSamples(item: number, count: number): void {
    const heard = this.chunks[Math.min(item, this.chunks.length - 1)]
    if (!heard) return
    heard.samples += count
    for (const earlier of this.chunks.slice(0, item)) earlier.complete = true
  }

  /** No more audio comes. */
  complete(): void {
    for (const heard of this.chunks) heard.complete = true
  }

  /** As it was written. */
  get text(): string {
    return this.chunks.reduce((text, { chunk }) => joinText(text, chunk.text), '')
  }

  heard(playedSamples: number): string {
    let left = playedSamples
    let text = ''
    for (const { chunk, samples, complete } of this.chunks) {
      const total = complete ? samples : Math.max(samples, estimatedSamples(chunk.spoken))
      const part = total === 0 ? 1 : Math.min(1, left / total)
      if (left <= 0) break
      text = joinText(text, part >= 1 ? chunk.text : leadingWords(chunk, part))
      if (part < 1) break
      left -= total
    }
    return text
  }
}

/** Written words whose spoken form ends within the first `part` (0..1) of what is said, counted in characters. */
function leadingWords(chunk: TextChunk, part: number): string {
  const limit = part * chunk.spoken.length
  let end = 0
  for (const word of chunk.text.matchAll(wordPattern)) {
    const wordEnd = word.index + word[0].length
    if (spokenEnd(chunk, wordEnd) > limit) break
    end = wordEnd
  }
  return chunk.text.slice(0, end)
}

const wordPattern =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[^\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+/gu

function estimatedSamples(text: string): number {
  const spaceless = [...text].filter(isSpaceless).length
  const seconds = spaceless / spacelessPerSecond + (text.length - spaceless) / charactersPerSecond
  return seconds * sampleRateHz
}
