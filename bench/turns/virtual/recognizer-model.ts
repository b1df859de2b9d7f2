import type { SeededRandom } from '../../seeded-random.ts'
import { type Point, Punctuation } from '../punctuation.ts'
import type { RecognizerFault } from './faults.ts'
import type { Figures } from './figures.ts'
import { delayed, type SpokenWord, writeWords } from './spoken-words.ts'
import type { VirtualTime } from './virtual-time.ts'

export interface RecognizedText {
  readonly kind: 'partial' | 'final'
  readonly text: string
  readonly fromMs: number
  readonly toMs: number
}

interface HeardWord {
  readonly text: string
  readonly mark: string
  readonly fromMs: number
  readonly toMs: number
}

/** It ends an utterance itself when nobody tells it to, this long after the last word. Taste. */
const ownEndpointMs = 1_000

/**
 * A streaming recogniser: a partial some time after each word, a final some time after it is told that the voice has
 * ended. What it does not understand gets an empty final.
 */
export class RecognizerModel {
  /** Words it has heard so far, whatever it made of them. */
  heardWords = 0
  readonly fault: RecognizerFault
  private readonly time: VirtualTime
  private readonly random: SeededRandom
  private readonly figures: Figures['recognizer']
  private readonly told: (transcript: RecognizedText) => void
  private readonly punctuation: Punctuation
  private words: HeardWord[] = []
  private lastFinal: RecognizedText | undefined
  private tellableAtMs = 0

  constructor(
    time: VirtualTime,
    random: SeededRandom,
    figures: Figures['recognizer'],
    fault: RecognizerFault,
    told: (transcript: RecognizedText) => void,
  ) {
    this.time = time
    this.random = random
    this.figures = figures
    this.fault = fault
    this.told = told
    this.punctuation = new Punctuation(figures, random)
  }

  /** The audio of a word has come in whole. */
  hear(word: SpokenWord, fromMs: number, point: Point | null): void {
    if (this.isDeaf()) return
    this.heardWords += 1
    const mark = point === null ? '' : this.punctuation.after(point)
    this.words.push({ text: word.text, mark, fromMs, toMs: this.time.nowMs })
    const text = this.text(true)
    const first = this.words[0] as HeardWord
    const partial = { kind: 'partial', text, fromMs: first.fromMs, toMs: this.time.nowMs } as const
    this.tell(partial, this.figures.partialMs)
    const { time } = this
    const heardAtMs = time.nowMs
    time.at(heardAtMs + ownEndpointMs, () => {
      if (this.words.at(-1)?.toMs === heardAtMs) this.finalise(heardAtMs)
    })
  }

  /** The detector says that the stretch from `onsetMs` is over. */
  finalise(onsetMs: number): void {
    if (this.isDeaf()) return
    const { time } = this
    const first = this.words[0]
    const final = {
      kind: 'final',
      text: this.text(false),
      fromMs: first?.fromMs ?? onsetMs,
      toMs: this.words.at(-1)?.toMs ?? time.nowMs,
    } as const
    this.words = []
    const lateMs = this.fault.kind === 'late' ? this.fault.byMs : 0
    if (this.fault.kind === 'neverFinal') return
    this.tell(final, this.figures.finalMs, lateMs)
    if (this.fault.kind === 'duplicate') this.tell(final, this.figures.finalMs, this.fault.byMs)
    if (this.fault.kind === 'unordered' && this.lastFinal) this.tell(this.lastFinal, this.figures.finalMs, 30)
    this.lastFinal = final
  }

  /** Started anew: what it had heard so far is lost, and whatever ailed it is over. */
  restart(): void {
    this.words = []
    if (this.fault.kind === 'deaf') this.fault.fromMs = Number.POSITIVE_INFINITY
  }

  /** Order is kept, as on a connection, except by the fault that breaks it. */
  private tell(transcript: RecognizedText, ms: number, lateMs = 0): void {
    const dueMs = this.time.nowMs + delayed(ms, this.figures.sigma, this.random) + lateMs
    const atMs = this.fault.kind === 'unordered' ? dueMs : Math.max(dueMs, this.tellableAtMs)
    this.tellableAtMs = atMs
    this.time.at(atMs, () => this.told(transcript))
  }

  private isDeaf(): boolean {
    return this.fault.kind === 'deaf' && this.time.nowMs >= this.fault.fromMs
  }

  private text(isPartial: boolean): string {
    const written = this.words.map(({ text, mark }) => text + mark)
    const last = this.words.at(-1)
    if (isPartial && last && this.random.next() < this.figures.revises) written[written.length - 1] = `${last.text}s`
    return writeWords(written)
  }
}
