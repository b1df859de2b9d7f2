import type { SpeechChunk, SpeechSynthesizer } from '@parley/core'
import { Channel } from '@parley/core'
import { sentencesOf } from '../reply/chunker.ts'
import type { TextChunk } from '../reply/text-chunk.ts'

/** A fixed text takes seconds, not minutes: far more chunks than that are a broken voice. */
const maxChunks = 20_000

/** A fixed text being turned into audio, perhaps before anybody wants to hear it. */
export interface RenderedSpeech {
  readonly sentences: readonly TextChunk[]
  /** What is ready comes at once. Single reader. */
  readonly audio: AsyncIterable<SpeechChunk>
  readonly failed: boolean
}

/** Starts synthesis now. `language`: the assistant's main one. A failure is thrown to the reader of `audio`. */
export function renderSpeech(
  synthesizer: SpeechSynthesizer,
  text: string,
  language: string,
  signal: AbortSignal,
): RenderedSpeech {
  const sentences = sentencesOf(text, { language })
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

async function* each(sentences: readonly TextChunk[]): AsyncGenerator<string> {
  for (const { spoken } of sentences) yield spoken
}
