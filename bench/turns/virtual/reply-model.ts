import type { SpeechSource } from '@parley/core'
import type { SeededRandom } from '../../seeded-random.ts'
import type { ReplyFault } from './faults.ts'
import type { Figures } from './figures.ts'
import { delayed, type SpokenWord, spokenWords, spread, writeWords } from './spoken-words.ts'

/** A piece of a reply on its way through the voice. Positions are ms of the utterance's own audio. */
interface Chunk {
  readonly text: string
  /** End of each word in the text, characters, and in the audio. */
  readonly wordEnds: readonly { readonly character: number; readonly positionMs: number }[]
  readonly fromMs: number
  readonly toMs: number
  /** When its text was complete, and when its audio is there; talk clock. */
  readonly textAtMs: number
  readonly audioAtMs: number
}

/** What is to be said, when it was asked for, and by whom. */
export interface ReplyPlan {
  readonly generation: number
  readonly source: SpeechSource
  readonly answers: string | null
  readonly text: string
  readonly requestedAtMs: number
  readonly isModelCalled: boolean
  /** Rendered before anybody asked for it. */
  readonly isCached: boolean
}

/** A reply in the making: model tokens, chunks and audio at the instants they would come. Nothing happens by itself. */
export class ReplyModel {
  readonly plan: ReplyPlan
  readonly fault: ReplyFault
  readonly chunks: readonly Chunk[]
  readonly wordCount: number
  isReleased = false
  isReady = false
  isAudible = false
  isStopped = false
  /** Nothing more is added: failed or complete. */
  isComplete = false
  stoppedAtMs = Number.POSITIVE_INFINITY
  /** How much of its audio has been sent, ms; and whether all of it. */
  sentMs = 0
  isPlayed = false
  repeatedWords = 0
  private readonly firstTokenAtMs: number
  private readonly tokenMs: number
  private readonly tokens: number

  constructor(plan: ReplyPlan, figures: Figures, fault: ReplyFault, random: SeededRandom) {
    this.plan = plan
    this.fault = fault
    const { firstTokenMs, tokensPerSecond, sigma } = figures.providers
    this.tokenMs = plan.isModelCalled ? 1000 / tokensPerSecond : 0
    this.firstTokenAtMs = plan.requestedAtMs + (plan.isModelCalled ? delayed(firstTokenMs, sigma, random) : 0)
    const words = fault.kind === 'empty' ? [] : spokenWords(plan.text, figures.speech)
    this.tokens = words.length
    this.wordCount = words.length
    this.chunks = this.cut(words, figures, random)
  }

  /** End of the model's work. */
  get completeAtMs(): number {
    return this.tokenAtMs(this.tokens - 1)
  }

  get lengthMs(): number {
    return this.chunks.at(-1)?.toMs ?? 0
  }

  tokensBy(atMs: number): number {
    if (!this.plan.isModelCalled || this.fault.kind === 'hangs') return 0
    const until = Math.min(atMs, this.stoppedAtMs)
    return until < this.firstTokenAtMs
      ? 0
      : Math.min(this.tokens, 1 + Math.floor((until - this.firstTokenAtMs) / this.tokenMs))
  }

  /** Start of a word (from 0) in the utterance's audio; its length for words beyond the last. */
  wordStartMs(word: number): number {
    let left = word
    for (const chunk of this.chunks) {
      if (left === 0) return chunk.fromMs
      if (left < chunk.wordEnds.length) return chunk.wordEnds[left - 1]?.positionMs ?? chunk.toMs
      left -= chunk.wordEnds.length
    }
    return this.lengthMs
  }

  /** Words that are through after that much audio, by the audio itself. */
  wordsSentBy(positionMs: number): number {
    let count = 0
    for (const { wordEnds } of this.chunks)
      for (const end of wordEnds) if (end.positionMs <= positionMs + 0.5) count += 1
    return count
  }

  /** What the engine believes was heard: in proportion to the characters inside a chunk, as its history does. */
  heardText(positionMs: number): string {
    let text = ''
    for (const chunk of this.chunks) {
      if (positionMs <= chunk.fromMs) break
      if (positionMs >= chunk.toMs - 0.5) text = writeWords(text === '' ? [chunk.text] : [text, chunk.text])
      else {
        const limit = ((positionMs - chunk.fromMs) / (chunk.toMs - chunk.fromMs)) * chunk.text.length
        const end = chunk.wordEnds.findLast(({ character }) => character <= limit)
        if (end)
          text = writeWords(
            text === '' ? [chunk.text.slice(0, end.character)] : [text, chunk.text.slice(0, end.character)],
          )
        break
      }
    }
    return text
  }

  /** Words of `heardText`. */
  wordsHeardBy(positionMs: number): number {
    let count = 0
    for (const chunk of this.chunks) {
      if (positionMs >= chunk.toMs - 0.5) count += chunk.wordEnds.length
      else if (positionMs > chunk.fromMs) {
        const limit = ((positionMs - chunk.fromMs) / (chunk.toMs - chunk.fromMs)) * chunk.text.length
        count += chunk.wordEnds.filter(({ character }) => character <= limit).length
      }
    }
    return count
  }

  private tokenAtMs(index: number): number {
    const { fault } = this
    if (fault.kind === 'hangs' && fault.stage === 'llm') return Number.POSITIVE_INFINITY
    const stallMs = fault.kind === 'stalls' && index >= this.tokens / 2 ? fault.forMs : 0
    return this.firstTokenAtMs + index * this.tokenMs + stallMs
  }

  private cut(words: readonly SpokenWord[], figures: Figures, random: SeededRandom): Chunk[] {
    const { firstAudioMs, firstChunkTokens, sigma } = figures.providers
    const chunks: Chunk[] = []
    let from = 0
    let positionMs = 0
    for (let index = 0; index < words.length; index += 1) {
      const count = index + 1 - from
      const { mark } = words[index] as SpokenWord
      const isLast = index === words.length - 1
      const isFull =
        chunks.length === 0
          ? (mark !== '' && count >= 2) || count >= firstChunkTokens
          : /[.!?。！？]/.test(mark) || (chunks.length === 1 && mark !== '' && count >= 5)
      if (!isLast && !isFull) continue
      const wordEnds: { character: number; positionMs: number }[] = []
      const written: string[] = []
      const fromMs = positionMs
      for (const word of words.slice(from, index + 1)) {
        written.push(word.text + word.mark)
        positionMs += spread(word.ms, figures.speech.spread, random)
        wordEnds.push({ character: writeWords(written).length - word.mark.length, positionMs })
      }
      const textAtMs = this.tokenAtMs(index)
      const isSilent = this.fault.kind === 'hangs' && this.fault.stage === 'tts'
      const audioAtMs = isSilent
        ? Number.POSITIVE_INFINITY
        : textAtMs + (this.plan.isCached ? 0 : delayed(firstAudioMs, sigma, random))
      chunks.push({ text: writeWords(written), wordEnds, fromMs, toMs: positionMs, textAtMs, audioAtMs })
      from = index + 1
      if (this.fault.kind === 'breaksOff') break
    }
    return chunks
  }
}
