import type { Clock, SpeechChunk, SpeechSynthesizer } from '@parley/core'
import { readAhead } from '../read-ahead.ts'
import { afterPart, type SpokenItem, spokenItems } from '../spoken-items.ts'
import type { FailureReader } from './service-failure.ts'
import { openConnection, type SpeechEndpoint } from './speech-agent.ts'
import { postSpeech, type SpeechAnswer } from './speech-request.ts'

/** Turns the body of one answer into audio. */
export interface SpeechReader {
  /** `Int16` mono 8 kHz that `bytes` completes, possibly none; the caller's. `bytes` is borrowed. @throws VoiceError TTS_* */
  push(bytes: Uint8Array): Int16Array
  /** What is left when the body has ended. Default: nothing. @throws VoiceError TTS_* */
  end?(): Int16Array
}

/** How a service is asked over HTTP, and how its answers are read. */
export interface HttpVoice {
  readonly name: string
  readonly endpoint: SpeechEndpoint
  /** Longest wait for the response head and between pieces of the body. */
  readonly patienceMs: number
  /** The POST that has `words` said; its length is added. */
  requestOf(words: string): { readonly headers: Readonly<Record<string, string>>; readonly body: string }
  /** Asked once an answer. @throws VoiceError TTS_FAILED when what has this content type is no speech */
  readerOf(contentType: string): SpeechReader
  /** Finds the reason in the JSON of a failure. Default: none is looked for. */
  readonly failureIn?: FailureReader
}

/**
 * Speaks through an HTTP service: one POST per item, the next one asked for while an item is heard, audio passed on as it
 * arrives. No word timings.
 *
 * Node's HTTP client is used rather than `fetch`, whose pool drops connections after four idle seconds, less than a
 * user's turn.
 */
export function createHttpSynthesizer(voice: HttpVoice, clock: Clock): SpeechSynthesizer {
  const { name, endpoint, patienceMs, failureIn = () => undefined } = voice
  const ask = (words: string, signal: AbortSignal) => {
    const { headers, body } = voice.requestOf(words)
    const length = { 'content-length': String(Buffer.byteLength(body)) }
    return postSpeech({ ...endpoint, headers: { ...headers, ...length }, body, patienceMs, failureIn }, clock, signal)
  }
  return {
    name,
    async *speak(text, signal) {
      const begin = ({ item, words }: SpokenItem, ended: AbortSignal) => {
        const answer = ask(words, ended)
        // Reported when its turn comes; until then nobody awaits it.
        answer.catch(() => {})
        return { item, answer }
      }
      for await (const { item, answer } of readAhead(spokenItems(text), signal, begin)) {
        yield* decode(item, await answer)
      }
    },
    prewarm: () => openConnection(endpoint, clock),
  }

  async function* decode(item: number, answer: SpeechAnswer): AsyncGenerator<SpeechChunk> {
    let heard = 0
    try {
      const reader = voice.readerOf(answer.contentType)
      for await (const piece of answer.body) {
        const samples = reader.push(piece)
        heard += samples.length
        if (samples.length > 0) yield { samples, item }
      }
      const rest = reader.end?.()
      if (rest?.length) yield { samples: rest, item }
    } catch (error) {
      throw heard > 0 ? afterPart(error) : error
    }
  }
}
