import { sampleRateHz, type WordTiming } from '@parley/core'
import { spokenEnd, type TextChunk } from '../reply/text-chunk.ts'
import { isSpaceless, joinText } from '../turn/words.ts'

/** Guess while the voice's own rate is unknown: characters a second of ordinary telephone speech. */
const charactersPerSecond = 15
const spacelessPerSecond = 4.5

interface Heard {
  readonly chunk: TextChunk
  samples: number
  complete: boolean
  /** From voices that tell; rising. */
  readonly words: WordTiming[]
}

/**
 * Which words of an utterance a number of played samples stands for.
 *
 * Text arrives as chunks, audio as samples of a chunk. Inside a chunk the position is what the voice says of its words,
 * or else estimated in proportion to the characters that were said ("five dollars"); the words that were written for
 * them ("$5") count as heard when they are through.
 */
export class SpokenText {
  private readonly chunks: Heard[] = []

  addText(chunk: TextChunk): void {
    this.chunks.push({ chunk, samples: 0, complete: false, words: [] })
  }

  /** Audio of a chunk, and what the voice says of its words; the audio of the chunks before it is then complete. */
  addSamples(item: number, count: number, words: readonly WordTiming[] = []): void {
    const heard = this.chunks[Math.min(item, this.chunks.length - 1)]
    if (!heard) return
    heard.samples += count
    for (const word of words) if (word.endSample > (heard.words.at(-1)?.endSample ?? -1)) heard.words.push(word)
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

  /** First sample of the word that was being said at `playedSamples`. */
  wordStart(playedSamples: number): number {
    let from = 0
    for (const heard of this.chunks) {
      const length = lengthOf(heard)
      if (playedSamples < from + length) return from + wordStartIn(heard, playedSamples - from)
      from += length
    }
    return playedSamples
  }

  heard(playedSamples: number): string {
    let left = playedSamples
    let text = ''
    for (const heard of this.chunks) {
      if (left <= 0) break
      const length = lengthOf(heard)
      const isThrough = left >= length
      text = joinText(text, isThrough ? heard.chunk.text : writtenUntil(heard.chunk, spokenUntil(heard, left)))
      if (!isThrough) break
      left -= length
    }
    return text
  }
}

function lengthOf({ chunk, samples, complete }: Heard): number {
  return complete ? samples : Math.max(samples, estimatedSamples(chunk.spoken))
}

/** Characters of the spoken form that are through after `samples` of the chunk. */
function spokenUntil(heard: Heard, samples: number): number {
  const { chunk, words } = heard
  if (words.length === 0) return (samples / lengthOf(heard)) * chunk.spoken.length
  return words.findLast((word) => word.endSample <= samples)?.textEnd ?? 0
}

function wordStartIn(heard: Heard, samples: number): number {
  const { chunk, words } = heard
  if (words.length > 0) return words.findLast((word) => word.endSample <= samples)?.endSample ?? 0
  const through = endOfWords(chunk.spoken, (end) => end <= spokenUntil(heard, samples))
  return Math.round((through / chunk.spoken.length) * lengthOf(heard))
}

/** Written words whose spoken form is through when `spokenCharacters` are. */
function writtenUntil(chunk: TextChunk, spokenCharacters: number): string {
  return chunk.text.slice(
    0,
    endOfWords(chunk.text, (end) => spokenEnd(chunk, end) <= spokenCharacters),
  )
}

/** Where the last of the leading words ends that are through. */
function endOfWords(text: string, isThrough: (wordEnd: number) => boolean): number {
  let through = 0
  for (const word of text.matchAll(wordPattern)) {
    const wordEnd = word.index + word[0].length
    if (!isThrough(wordEnd)) break
    through = wordEnd
  }
  return through
}

const wordPattern =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[^\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+/gu

function estimatedSamples(text: string): number {
  const spaceless = [...text].filter(isSpaceless).length
  const seconds = spaceless / spacelessPerSecond + (text.length - spaceless) / charactersPerSecond
  return seconds * sampleRateHz
}
