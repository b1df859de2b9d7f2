import { renderSpeech } from '@parley/conversation'
import type { Clock, Generation, Playout, SpeechSynthesizer } from '@parley/core'
import { waitUntil } from '@parley/core'

export interface AnnouncerOptions {
  readonly synthesizer: SpeechSynthesizer
  readonly playout: Playout
  readonly clock: Clock
  /** Main language of the assistant. */
  readonly language: string
  /** A generation nobody else uses on this playout. */
  nextGeneration(): Generation
}

/** Silence between two repetitions. Taste. */
const repeatAfterMs = 4_000

/** Says fixed texts to one party while nobody converses with it. */
export class Announcer {
  private readonly options: AnnouncerOptions
  private waiting: { readonly generation: Generation; resolve(): void } | undefined

  constructor(options: AnnouncerOptions) {
    this.options = options
  }

  /** The playout tells that a generation has left to its last sample. */
  finished(generation: Generation): void {
    if (this.waiting?.generation === generation) this.waiting.resolve()
  }

  /**
   * Resolves when the last sample has left, or the signal aborts: then the next packet is silence. Never rejects; a voice
   * that fails is silence.
   */
  async say(text: string, signal: AbortSignal): Promise<void> {
    if (signal.aborted || text.trim() === '') return
    const { synthesizer, playout, language, nextGeneration } = this.options
    const generation = nextGeneration()
    const { promise, resolve } = Promise.withResolvers<void>()
    this.waiting = { generation, resolve }
    const stop = () => {
      playout.flush(generation)
      resolve()
    }
    signal.addEventListener('abort', stop, { once: true })
    try {
      let begun = false
      for await (const { samples } of renderSpeech(synthesizer, text, language, signal).audio) {
        if (signal.aborted) return
        if (!begun) playout.begin(generation)
        begun = true
        playout.write(generation, samples)
      }
      if (!begun) return
      playout.end(generation)
      await promise
    } catch {
      // Half a sentence is worse than none.
      playout.flush(generation)
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }

  /** Says it again and again until the signal aborts. Never rejects. */
  async repeat(text: string, signal: AbortSignal): Promise<void> {
    const { clock } = this.options
    while (!signal.aborted && text.trim() !== '') {
      await this.say(text, signal)
      await waitUntil(clock, clock.nowMs() + repeatAfterMs, signal).catch(() => undefined)
    }
  }
}
