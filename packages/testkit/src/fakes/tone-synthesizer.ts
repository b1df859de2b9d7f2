import type { Clock, SpeechChunk, SpeechSynthesizer } from '@parley/core'
import { sampleRateHz, waitUntil } from '@parley/core'

export interface ToneSynthesizerOptions {
  readonly clock: Clock
  /** From a text to its first audio. */
  readonly firstAudioMs?: number
  /** Length of the audio of one character. */
  readonly characterMs?: number
  /** Fails (instead of speaking) when it returns an error. */
  failure?(text: string): Error | undefined
}

const chunkMs = 200

/** Speaks a tone as long as the text; all audio of a text comes at once after the delay. */
export class ToneSynthesizer implements SpeechSynthesizer {
  readonly name = 'tone'
  /** Every text item, in order of arrival. */
  readonly texts: string[] = []
  private readonly options: ToneSynthesizerOptions

  constructor(options: ToneSynthesizerOptions) {
    this.options = options
  }

  async *speak(text: AsyncIterable<string>, signal: AbortSignal): AsyncIterable<SpeechChunk> {
    const { clock, firstAudioMs = 100, characterMs = 60, failure } = this.options
    let item = 0
    for await (const sentence of text) {
      signal.throwIfAborted()
      this.texts.push(sentence)
      if (firstAudioMs > 0) await waitUntil(clock, clock.nowMs() + firstAudioMs, signal)
      const error = failure?.(sentence)
      if (error) throw error
      const total = Math.round((sentence.length * characterMs * sampleRateHz) / 1000)
      const step = (chunkMs * sampleRateHz) / 1000
      for (let from = 0; from < total; from += step) yield { samples: tone(Math.min(step, total - from)), item }
      item += 1
    }
  }
}

function tone(samples: number): Int16Array {
  return Int16Array.from({ length: samples }, (_, index) =>
    Math.round(8000 * Math.sin((2 * Math.PI * 440 * index) / sampleRateHz)),
  )
}
