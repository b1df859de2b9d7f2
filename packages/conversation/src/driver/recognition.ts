import type {
  Clock,
  ErrorCode,
  PcmChunk,
  RecognitionSpec,
  RecognizerInput,
  SpeechRecognizer,
  Transcript,
  TurnHint,
} from '@parley/core'
import { Channel, sampleRateHz, toVoiceError } from '@parley/core'

/** About ten seconds of 20 ms audio and its marks. */
const inputCapacity = 512
/** A mark waits at most this long for audio that may never come (a peer that stops sending in silence). */
const markPatienceMs = 100

type Mark = Exclude<RecognizerInput, { readonly type: 'audio' }>

export interface RecognitionOptions {
  readonly recognizer: SpeechRecognizer
  readonly spec: RecognitionSpec
  readonly clock: Clock
  onTranscript(transcript: Transcript): void
  onTurnHint(hint: TurnHint): void
  /** The caller's audio as it is passed on; borrowed until return. */
  onAudio(chunk: PcmChunk): void
  onFailure(code: ErrorCode): void
}

/**
 * Feeds the caller's audio to the recogniser, the voice detector's marks in their place between it. A mark is passed
 * on once the audio before it is.
 */
export class Recognition {
  private readonly options: RecognitionOptions
  private readonly abort = new AbortController()
  private hearing = new AbortController()
  private input = new Channel<RecognizerInput>(inputCapacity, 'drop-oldest')
  private readonly marks: Mark[] = []
  private deliveredMs = 0
  /** Monotonic clock at media time 0. */
  private mediaZeroAtMs = 0
  private patience: Disposable | undefined

  constructor(options: RecognitionOptions) {
    this.options = options
  }

  start(uplink: AsyncIterable<PcmChunk>): void {
    void this.listen()
    void this.pump(uplink)
  }

  /** A new stream to the recogniser in place of one that says nothing any more. */
  restart(): void {
    if (this.abort.signal.aborted) return
    this.hearing.abort()
    this.input.close()
    this.input = new Channel<RecognizerInput>(inputCapacity, 'drop-oldest')
    this.hearing = new AbortController()
    void this.listen()
  }

  /** Monotonic clock at a media time, as near as the delivery of the audio tells. */
  clockOf(mediaMs: number): number {
    return this.mediaZeroAtMs + mediaMs
  }

  mark(mark: Mark): void {
    this.marks.push(mark)
    this.passMarks(this.deliveredMs)
    if (this.marks.length === 0 || this.patience) return
    const { clock } = this.options
    this.patience = clock.setTimer(clock.nowMs() + markPatienceMs, () => {
      this.patience = undefined
      this.passMarks(Number.POSITIVE_INFINITY)
    })
  }

  stop(): void {
    this.patience?.[Symbol.dispose]()
    this.input.close()
    this.abort.abort()
  }

  private async listen(): Promise<void> {
    const { recognizer, spec, onTranscript, onTurnHint, onFailure } = this.options
    const signal = AbortSignal.any([this.abort.signal, this.hearing.signal])
    try {
      for await (const transcript of recognizer.transcribe(this.input, spec, signal)) {
        if (signal.aborted) return
        if (transcript.kind === 'turn') onTurnHint(transcript)
        else onTranscript(transcript)
      }
      if (!signal.aborted) onFailure('ASR_FAILED')
    } catch (error) {
      if (!signal.aborted) onFailure(toVoiceError(error, 'ASR_FAILED').code)
    }
  }

  private async pump(uplink: AsyncIterable<PcmChunk>): Promise<void> {
    try {
      for await (const chunk of uplink) {
        if (this.abort.signal.aborted) return
        this.options.onAudio(chunk)
        this.input.push({ type: 'audio', ...chunk })
        this.deliveredMs = chunk.mediaMs + (chunk.samples.length * 1000) / sampleRateHz
        this.mediaZeroAtMs = this.options.clock.nowMs() - this.deliveredMs
        this.passMarks(this.deliveredMs)
      }
    } catch {
      // The media stream failed; whoever owns the call hears of it from the stream itself.
    }
  }

  private passMarks(untilMs: number): void {
    for (let mark = this.marks[0]; mark && mark.mediaMs <= untilMs; mark = this.marks[0]) {
      this.marks.shift()
      this.input.push(mark)
    }
    if (this.marks.length > 0) return
    this.patience?.[Symbol.dispose]()
    this.patience = undefined
  }
}
