import type { SpeechChunk, SpeechSynthesizer } from '@parley/core'
import { Channel } from '@parley/core'
import { sentencesOf } from '../reply/chunker.ts'

/** A fixed text takes seconds, not minutes: far more chunks than that are a broken voice. */
const maxChunks = 20_000

/** A fixed text being turned into audio, perhaps before anybody wants to hear it. */
export interface RenderedSpeech {
  readonly sentences: readonly string[]
  /** What is ready comes at once. Single reader. */
  readonly audio: AsyncIterable<SpeechChunk>
  readonly failed: boolean
}

/** Starts synthesis now. A failure is thrown to the reader of `audio`. */
export function renderSpeech(synthesizer: SpeechSynthesizer, text: string, signal: AbortSignal): RenderedSpeech {
  const sentences = sentencesOf(text)
  const audio = new Channel<SpeechChunk>(maxChunks, 'fail')
  const rendered = { sentences, audio, failed: false }
  const run = async () => {
    try {
      for await (const chunk of synthesizer.speak(each(sentences), signal)) audio.push(chunk)
      audio.close()
    } catch (error) {
      rendered.failed = true
      audio.close(error)
    }
  }
  void run()
  return rendered
}

async function* each(sentences: readonly string[]): AsyncGenerator<string> {
  yield* sentences
}
