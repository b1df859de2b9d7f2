import { type SpeechChunk, VoiceError, type WordTiming } from '@parley/core'
import type { Phrase } from './phrase-store.ts'

/** One text item has less than five minutes of audio; a voice that gives more is broken. 8 kHz. */
const maxSamples = 5 * 60 * 8_000

/**
 * One text being spoken for any number of readers; the fastest one sets the pace. Nothing is asked of the voice before
 * `start`. When the last reader has left, the voice is told to stop.
 */
export class SharedPhrase {
  private readonly chunks: SpeechChunk[] = []
  private readonly abort = new AbortController()
  private readonly voice: AsyncIterator<SpeechChunk>
  private readonly settled: (phrase: Phrase | undefined) => void
  private state: { readonly kind: 'open' | 'complete' } | { readonly kind: 'failed'; readonly error: unknown } = {
    kind: 'open',
  }
  private pulling: Promise<void> | undefined
  private readers = 0
  private sampleCount = 0

  /** `settled` is told once: the finished phrase, or undefined when there will be none. */
  constructor(
    speak: (signal: AbortSignal) => AsyncIterable<SpeechChunk>,
    settled: (phrase: Phrase | undefined) => void,
  ) {
    this.voice = speak(this.abort.signal)[Symbol.asyncIterator]()
    this.settled = settled
  }

  /** Asks for the first audio now, not only when somebody reads. */
  start(): void {
    void this.pull()
  }

  /** To be left once, read or not. */
  join(): PhraseReader {
    this.readers += 1
    let present = true
    return {
      read: (signal) => this.read(signal),
      leave: () => {
        if (present) this.left()
        present = false
      },
    }
  }

  private async *read(signal: AbortSignal): AsyncGenerator<Phrase> {
    for (let at = 0; ; at += 1) {
      while (at === this.chunks.length && this.state.kind === 'open') await untilAborted(this.pull(), signal)
      signal.throwIfAborted()
      const chunk = this.chunks[at]
      if (chunk) yield copyOf(chunk)
      else if (this.state.kind === 'failed') throw this.state.error
      else return
    }
  }

  private left(): void {
    this.readers -= 1
    if (this.readers > 0 || this.state.kind !== 'open') return
    this.abort.abort()
    // Not awaited: a voice that hangs would hang the reader that leaves.
    void this.voice.return?.().catch(() => {})
    this.fail(this.abort.signal.reason)
  }

  /** One more chunk, or the end. Never rejects. */
  private pull(): Promise<void> {
    this.pulling ??= this.voice.next().then(
      (next) => {
        this.pulling = undefined
        if (next.done) this.complete()
        else this.add(next.value)
      },
      (error) => this.fail(error),
    )
    return this.pulling
  }

  private add(chunk: SpeechChunk): void {
    this.chunks.push(chunk)
    this.sampleCount += chunk.samples.length
    if (this.sampleCount <= maxSamples) return
    this.abort.abort()
    this.fail(new VoiceError('TTS_FAILED', { detail: 'no end of the audio of one text' }))
  }

  private complete(): void {
    if (this.state.kind !== 'open') return
    this.state = { kind: 'complete' }
    this.settled(joined(this.chunks, this.sampleCount))
  }

  private fail(error: unknown): void {
    if (this.state.kind !== 'open') return
    this.state = { kind: 'failed', error }
    this.settled(undefined)
  }
}

export interface PhraseReader {
  /** From the beginning; copies. Ends with the signal's reason on abort. @throws what the voice throws */
  read(signal: AbortSignal): AsyncGenerator<Phrase>
  leave(): void
}

export function copyOf({ samples, words }: Phrase): Phrase {
  return { samples: samples.slice(), ...(words && { words }) }
}

function joined(chunks: readonly SpeechChunk[], sampleCount: number): Phrase {
  const samples = new Int16Array(sampleCount)
  const words: WordTiming[] = []
  let at = 0
  for (const chunk of chunks) {
    samples.set(chunk.samples, at)
    at += chunk.samples.length
    words.push(...(chunk.words ?? []))
  }
  return { samples, ...(words.length > 0 && { words }) }
}

async function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const { promise, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    await Promise.race([work, promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
