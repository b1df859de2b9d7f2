import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SeededRandom, VirtualClock } from '@parley/testkit'
import { onTestFinished } from 'vitest'
import { requestedVoices } from '../src/tts/requested/requested-voices.ts'

export interface SpeechAsked {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/**
 * A voice as a call brings it, at a speech service on loopback that answers with `answer`. `config` lacks its address only.
 * Until the test ends.
 */
export async function requestedVoice(
  config: Readonly<Record<string, unknown>>,
  answer: (response: ServerResponse, asked: SpeechAsked) => void,
) {
  const asked: SpeechAsked[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const piece of request) body += String(piece)
    const seen = { path: request.url ?? '', headers: request.headers, body }
    asked.push(seen)
    answer(response, seen)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const clock = new VirtualClock()
  const voices = requestedVoices({ clock, random: new SeededRandom(1), guarded: undefined })
  onTestFinished(() => {
    voices[Symbol.dispose]()
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const headers = { 'X-Task-Id': 'call-1' }
  const voice = voices.find({ custom: { ...config, APIUrl: `http://127.0.0.1:${port}/speech` }, headers })
  if (!voice) throw new Error('no such voice')
  const speak = (words: string, signal = new AbortController().signal) => voice.speak(one(words), signal)
  return {
    clock,
    asked,
    speak,
    /** The samples of `words`. */
    say: async (words: string) => {
      const samples: number[] = []
      for await (const chunk of speak(words)) samples.push(...chunk.samples)
      return samples
    },
    /** What `words` fail with. */
    fail: async (words: string) => {
      try {
        for await (const _ of speak(words));
      } catch (error) {
        return error as Error & { readonly code: string; readonly retryable: boolean }
      }
      throw new Error('it did not fail')
    },
  }
}

/** Samples as they lie in memory. */
export const pcm = (...samples: readonly number[]) => Buffer.from(Int16Array.from(samples).buffer)

async function* one(words: string) {
  yield words
}
