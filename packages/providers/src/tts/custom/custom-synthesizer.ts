import { Agent as HttpAgent, request as requestHttp } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import type { LookupFunction, Socket } from 'node:net'
import {
  type Clock,
  type Random,
  type Secret,
  type SpeechChunk,
  type SpeechSynthesizer,
  VoiceError,
} from '@parley/core'
import { readAhead } from '../read-ahead.ts'
import { type DownsamplerFactory, SpeechDecoder } from './speech-decoder.ts'
import { postSpeech, type SpeechAnswer, type SpeechPost } from './speech-request.ts'

/** A voice behind the "custom" TTS protocol of the public API. */
export interface CustomVoiceOptions {
  readonly url: string
  readonly apiKey: Secret
  /** Default `pcm`: no header to parse. */
  readonly format?: 'pcm' | 'wav'
  /** Default 8000: what the telephone needs. Another rate costs a conversion. */
  readonly sampleRateHz?: number
  readonly channels?: 1 | 2
  /** Added to each request, e.g. `X-Task-Id`, `X-Sdk-App-Id`. */
  readonly headers?: Readonly<Record<string, string>>
  /** Longest wait for the response head and between pieces of audio. Default 5000. */
  readonly patienceMs?: number
  /** Used when the answer is not at 8 kHz. Default: a FIR decimator for multiples of 8 kHz. */
  readonly downsampler?: DownsamplerFactory
  /** Keeps the connections, for `http` or `https` as the address is. Default: one of this voice's own. */
  readonly agent?: HttpAgent
}

export interface CustomVoiceTools {
  readonly clock: Clock
  readonly random: Random
}

/** Idle connections are kept over the user's turn and given back some time after the call. */
const idleSocketMs = 90_000
const connectWithinMs = 5_000

/**
 * Speaks through an HTTP service: one POST per item, audio passed on as it arrives. The protocol has no word timings.
 *
 * Node's HTTP client is used rather than `fetch`, whose pool drops connections after four idle seconds, less than a
 * user's turn.
 */
export function createCustomSynthesizer(options: CustomVoiceOptions, tools: CustomVoiceTools): SpeechSynthesizer {
  const url = new URL(options.url)
  const agent = options.agent ?? speechAgent(url.protocol === 'https:')
  const requested = { sampleRateHz: options.sampleRateHz ?? 8_000, channels: options.channels ?? 1 }

  const postOf = (text: string): SpeechPost => {
    const body = JSON.stringify({
      Text: text,
      Format: options.format ?? 'pcm',
      SampleRate: requested.sampleRateHz,
      Channel: requested.channels,
    })
    const headers = {
      ...options.headers,
      'content-type': 'application/json;charset=UTF-8',
      'content-length': String(Buffer.byteLength(body)),
      authorization: `Bearer ${options.apiKey.reveal()}`,
      'x-request-id': tools.random.uuid(),
    }
    return { url, agent, headers, body, patienceMs: options.patienceMs ?? 5_000 }
  }

  return {
    name: 'custom',
    async *speak(text, signal) {
      const begin = ({ item, words }: { readonly item: number; readonly words: string }, ended: AbortSignal) => {
        const answer = postSpeech(postOf(words), tools.clock, ended)
        // Reported when its turn comes; until then nobody awaits it.
        answer.catch(() => {})
        return { item, answer }
      }
      for await (const { item, answer } of readAhead(spokenItems(text), signal, begin)) {
        yield* decode(item, await answer)
      }
    },
    prewarm: () => openConnection(url, agent, tools.clock),
  }

  async function* decode(item: number, answer: SpeechAnswer): AsyncGenerator<SpeechChunk> {
    const decoder = new SpeechDecoder(answer.contentType, requested, options.downsampler)
    let heard = 0
    try {
      for await (const piece of answer.body) {
        const samples = decoder.push(piece)
        heard += samples.length
        if (samples.length > 0) yield { samples, item }
      }
    } catch (error) {
      // Said again from the start, half a sentence would be heard twice.
      if (heard > 0 && error instanceof VoiceError) {
        throw new VoiceError(error.code, { cause: error, retryable: false, detail: 'after part of the audio' })
      }
      throw error
    }
  }
}

/** Without blanks, for which there is nothing to ask; they are counted all the same. */
async function* spokenItems(texts: AsyncIterable<string>) {
  let item = 0
  for await (const words of texts) {
    if (words.trim() !== '') yield { item, words }
    item += 1
  }
}

/** Connections to speech services. `lookup`: how names become addresses. */
export function speechAgent(secure: boolean, lookup?: LookupFunction): HttpAgent {
  const options = { keepAlive: true, timeout: idleSocketMs, scheduling: 'lifo' as const, ...(lookup && { lookup }) }
  return secure ? new HttpsAgent(options) : new HttpAgent(options)
}

/** Resolves when the agent holds an idle connection, or cannot: then the first request fails, with a code. */
function openConnection(url: URL, agent: HttpAgent, clock: Clock): Promise<void> {
  const send = url.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((resolve) => {
    // The protocol knows only POST, so any status will do. Not HEAD: Node closes the connection after a HEAD without length.
    const request = send(url, { method: 'OPTIONS', agent }, (response) => response.resume())
    const watchdog = clock.setTimer(clock.nowMs() + connectWithinMs, () => request.destroy())
    let connection: Socket | undefined
    const settle = () => {
      watchdog[Symbol.dispose]()
      // The connection serves many requests, and would keep every one of them.
      connection?.off('free', settle).off('close', settle)
      resolve()
    }
    request.on('socket', (socket) => {
      connection = socket.once('free', settle).once('close', settle)
    })
    request.on('error', settle)
    request.end()
  })
}
