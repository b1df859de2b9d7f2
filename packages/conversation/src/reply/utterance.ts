import type {
  Clock,
  ErrorCode,
  Generation,
  Playout,
  SpeechChunk,
  SpeechSource,
  ToolSpec,
  TurnTimings,
} from '@parley/core'
import { SpokenText } from '../history/spoken-text.ts'
import type { TextChunk } from './text-chunk.ts'

/** What a telephone holds back before it plays: two packets of a usual jitter buffer, and the way. Taste. */
const callerBufferSamples = 480

/** What an utterance tells about itself. */
type UtteranceNews =
  | { readonly type: 'reply.sentence' }
  | { readonly type: 'reply.ready' }
  | { readonly type: 'reply.audible' }
  | { readonly type: 'reply.empty' }
  | { readonly type: 'tool.called'; readonly tool: ToolSpec }
  | {
      readonly type: 'reply.failed'
      readonly stage: 'llm' | 'tts'
      readonly code: ErrorCode
      readonly audible: boolean
    }

/** Instants of the making of an utterance. */
export type UtteranceMarks = {
  -readonly [Key in keyof Pick<
    TurnTimings,
    | 'modelRequestAtMs'
    | 'modelFirstTokenAtMs'
    | 'modelLastTokenAtMs'
    | 'synthesisRequestAtMs'
    | 'synthesisFirstAudioAtMs'
  >]: TurnTimings[Key]
}

export interface UtteranceOptions {
  readonly generation: Generation
  readonly source: SpeechSource
  /** The history keeps what is heard of it. */
  readonly remember: boolean
  readonly clock: Clock
  readonly playout: Playout
  tell(news: UtteranceNews): void
}

/**
 * One generation of assistant speech on the driver's side: audio and tool calls are held here until `release`, then
 * pass straight through to the playout. Whatever comes after `stop` is dropped.
 */
export class Utterance {
  readonly generation: Generation
  readonly source: SpeechSource
  readonly remember: boolean
  readonly spoken = new SpokenText()
  readonly marks: UtteranceMarks = {}
  /** Written to the playout: the caller may hear it. */
  audible = false
  playedSamples = 0
  /** Handed to the playout. */
  writtenSamples = 0
  /** Deltas of the model so far. */
  tokens = 0
  /** Interrupted: what lay in the caller's own buffer was not heard either. */
  cutShort = false
  /** The playout said that the last sample has left. */
  played = false
  private readonly options: UtteranceOptions
  private readonly abort = new AbortController()
  private held: Int16Array[] = []
  private tools: ToolSpec[] = []
  private released = false
  private complete = false
  private sounds = false

  constructor(options: UtteranceOptions) {
    this.options = options
    this.generation = options.generation
    this.source = options.source
    this.remember = options.remember
  }

  get signal(): AbortSignal {
    return this.abort.signal
  }

  /** A chunk of text on its way to the synthesizer. */
  addText(chunk: TextChunk): void {
    this.spoken.addText(chunk)
    if (this.marks.synthesisRequestAtMs !== undefined) return
    this.marks.synthesisRequestAtMs = this.options.clock.nowMs()
    this.options.tell({ type: 'reply.sentence' })
  }

  addTool(tool: ToolSpec): void {
    if (this.released) this.options.tell({ type: 'tool.called', tool })
    else this.tools.push(tool)
  }

  addAudio({ samples, item, words }: SpeechChunk): void {
    if (this.signal.aborted) return
    this.spoken.addSamples(item, samples.length, words)
    if (samples.length === 0) return
    if (!this.sounds) {
      this.sounds = true
      this.marks.synthesisFirstAudioAtMs ??= this.options.clock.nowMs()
      this.options.tell({ type: 'reply.ready' })
    }
    this.held.push(samples)
    this.drain()
  }

  /** Everything there is has been added. */
  finish(): void {
    if (this.signal.aborted || this.complete) return
    this.complete = true
    this.spoken.complete()
    this.drain()
  }

  fail(stage: 'llm' | 'tts', code: ErrorCode): void {
    if (this.signal.aborted || this.complete) return
    const { audible } = this
    this.options.tell({ type: 'reply.failed', stage, code, audible })
    if (!audible) this.stop()
    else if (stage === 'tts') this.finish()
  }

  /** The floor is ours: what is held goes out now, the rest as it comes. */
  release(): void {
    if (this.signal.aborted) return
    this.released = true
    for (const tool of this.tools.splice(0)) this.options.tell({ type: 'tool.called', tool })
    this.drain()
  }

  /** Takes `release` back; too late once it is audible. */
  hold(): void {
    if (!this.audible) this.released = false
  }

  /** Ends the work. What is queued in the playout is the caller's business. */
  stop(): void {
    this.abort.abort()
    this.held = []
    this.tools = []
  }

  get unplayedSamples(): number {
    return this.played ? 0 : this.writtenSamples - this.playedSamples
  }

  /** Back to the beginning of the word that was cut into; returns its sample. */
  rewind(): number {
    this.playedSamples = this.spoken.wordStart(this.playedSamples)
    return this.playedSamples
  }

  heard(): string {
    if (!this.audible) return ''
    if (this.played) return this.spoken.text
    return this.spoken.heard(this.playedSamples - (this.cutShort ? callerBufferSamples : 0))
  }

  private drain(): void {
    if (!this.released) return
    const { playout, tell } = this.options
    if (this.held.length > 0 && !this.audible) {
      // Told first: a playout may answer at once, and what it says is of a generation on the wire.
      this.audible = true
      tell({ type: 'reply.audible' })
      if (this.signal.aborted) return
      playout.begin(this.generation)
    }
    for (const samples of this.held.splice(0)) {
      playout.write(this.generation, samples)
      this.writtenSamples += samples.length
    }
    if (!this.complete) return
    if (this.audible) playout.end(this.generation)
    else tell({ type: 'reply.empty' })
  }
}
