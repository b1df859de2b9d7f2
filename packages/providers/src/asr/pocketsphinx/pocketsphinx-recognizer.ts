import {
  Channel,
  type Logger,
  type PcmChunk,
  type RecognitionSpec,
  type RecognizerInput,
  type SpeechRecognizer,
  type Transcript,
} from '@parley/core'
import { AudioBatch } from './audio-batch.ts'
import type { RecognitionEngine, RecognitionHandle } from './recognition-engine.ts'
import type { RecognitionAnswer } from './recognition-messages.ts'

export interface PocketsphinxOptions {
  /** RNNoise before recognition. */
  readonly denoise: boolean
  readonly logger: Logger
}

/**
 * The embedded recogniser: English, with a vocabulary made of the call's hints and a core of everyday phrases. Words
 * outside of it come out as words inside of it, or not at all. Partials come about every 100 ms of speech.
 */
export function pocketsphinxRecognizer(engine: RecognitionEngine, options: PocketsphinxOptions): SpeechRecognizer {
  return {
    name: 'pocketsphinx',
    transcribe: (input, spec, signal) => transcribe(engine, options, input, spec, signal),
    prewarm: (spec) => engine.prepare(spec.hints),
  }
}

async function* transcribe(
  engine: RecognitionEngine,
  { denoise, logger }: PocketsphinxOptions,
  input: AsyncIterable<RecognizerInput>,
  spec: RecognitionSpec,
  signal: AbortSignal,
): AsyncIterable<Transcript> {
  signal.throwIfAborted()
  const language = spec.languages[0] ?? 'en'
  if (!language.startsWith('en')) logger.warn('embedded recogniser knows english only', { language })
  const stretches = new VoicedStretches()
  const { results } = stretches
  const handle = engine.open(spec.hints, denoise, {
    onAnswer: (answer) => stretches.answer(answer),
    onFailure: (error) => results.close(error),
  })
  const iterator = input[Symbol.asyncIterator]()
  const onAbort = () => results.close(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  void feed(iterator, handle, stretches)
  try {
    yield* results
    signal.throwIfAborted()
  } finally {
    signal.removeEventListener('abort', onAbort)
    stretches.over = true
    handle.free()
    // Not awaited: it may be waiting for audio that never comes.
    void Promise.resolve(iterator.return?.()).catch(() => {})
  }
}

/** Hands the input to the engine until it ends; an open stretch is closed then. */
async function feed(
  input: AsyncIterator<RecognizerInput>,
  handle: RecognitionHandle,
  stretches: VoicedStretches,
): Promise<void> {
  const batch = new AudioBatch()
  const send = (chunks: readonly PcmChunk[]) => {
    for (const { samples, mediaMs } of chunks) {
      stretches.heardUntil(mediaMs + samples.length / 8)
      handle.send({ type: 'audio', samples, mediaMs }, [samples.buffer as ArrayBuffer])
    }
  }
  const stop = (mediaMs: number) => {
    send(batch.flush())
    if (stretches.stop(mediaMs)) handle.send({ type: 'stop', mediaMs })
  }
  try {
    for (;;) {
      const next = await input.next()
      if (stretches.over) return
      if (next.done) break
      const item = next.value
      if (item.type === 'audio') send(batch.add(item))
      else if (item.type === 'speech.stopped') stop(item.mediaMs)
      else {
        stop(item.mediaMs)
        stretches.start(item.mediaMs)
        handle.send({ type: 'start', mediaMs: item.mediaMs })
      }
    }
    stop(stretches.heardMs)
    stretches.end()
  } catch (error) {
    stretches.results.close(error)
  }
}

/** Which voiced stretch the engine's next answer is about; answers come in the order of the stretches. */
class VoicedStretches {
  readonly results = new Channel<Transcript>(1000, 'drop-oldest')
  heardMs = 0
  /** Nobody reads any more. */
  over = false
  private open: { readonly fromMs: number } | undefined
  private readonly awaited: { readonly fromMs: number; readonly toMs: number }[] = []
  private ended = false

  heardUntil(mediaMs: number): void {
    this.heardMs = mediaMs
  }

  start(fromMs: number): void {
    this.open = { fromMs }
  }

  /** False when no stretch is open. */
  stop(toMs: number): boolean {
    if (!this.open) return false
    this.awaited.push({ fromMs: this.open.fromMs, toMs })
    this.open = undefined
    return true
  }

  /** No more stretches follow: the results end with the last final. */
  end(): void {
    this.ended = true
    if (this.awaited.length === 0) this.results.close()
  }

  answer(answer: RecognitionAnswer): void {
    if (answer.type === 'partial') {
      const stretch = this.awaited[0] ?? (this.open && { ...this.open, toMs: this.heardMs })
      if (!stretch) return
      // On a busy machine it listens behind the voice: the text covers what was listened to, no more.
      const toMs = Math.min(stretch.toMs, Math.max(answer.toMs, stretch.fromMs + 1))
      this.results.push({ kind: 'partial', text: answer.text, fromMs: stretch.fromMs, toMs })
    }
    if (answer.type === 'final') {
      const stretch = this.awaited.shift()
      if (stretch) {
        this.results.push({ kind: 'final', text: answer.text, ...stretch, confidence: answer.confidence })
      }
      if (this.ended && this.awaited.length === 0) this.results.close()
    }
  }
}
