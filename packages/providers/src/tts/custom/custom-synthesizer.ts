import type { Agent } from 'node:http'
import type { Clock, Random, Secret, SpeechSynthesizer } from '@parley/core'
import { type DownsamplerFactory, SpeechDecoder } from '../audio/speech-decoder.ts'
import { createHttpSynthesizer } from '../http/http-synthesizer.ts'
import { memberOf } from '../http/service-failure.ts'
import { speechAgent } from '../http/speech-agent.ts'

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
  readonly agent?: Agent
}

export interface CustomVoiceTools {
  readonly clock: Clock
  readonly random: Random
}

/** Speaks through a service that knows the "custom" protocol. */
export function createCustomSynthesizer(options: CustomVoiceOptions, tools: CustomVoiceTools): SpeechSynthesizer {
  const url = new URL(options.url)
  const requested = { sampleRateHz: options.sampleRateHz ?? 8_000, channels: options.channels ?? 1 }
  return createHttpSynthesizer(
    {
      name: 'custom',
      endpoint: { url, agent: options.agent ?? speechAgent(url.protocol === 'https:') },
      patienceMs: options.patienceMs ?? 5_000,
      requestOf: (words) => ({
        headers: {
          ...options.headers,
          'content-type': 'application/json;charset=UTF-8',
          authorization: `Bearer ${options.apiKey.reveal()}`,
          'x-request-id': tools.random.uuid(),
        },
        body: JSON.stringify({
          Text: words,
          Format: options.format ?? 'pcm',
          SampleRate: requested.sampleRateHz,
          Channel: requested.channels,
        }),
      }),
      readerOf: (contentType) => new SpeechDecoder(contentType, requested, options.downsampler),
      failureIn: (answer) => ({ code: memberOf(memberOf(answer, 'error'), 'code') }),
    },
    tools.clock,
  )
}
