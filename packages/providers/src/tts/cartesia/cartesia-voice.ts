import { Secret, sampleRateHz } from '@parley/core'
import { rawSpeech } from '../audio/raw-speech.ts'
import { createHttpSynthesizer } from '../http/http-synthesizer.ts'
import { memberOf } from '../http/service-failure.ts'
import type { VoiceFactory } from '../requested/voice-factory.ts'

const address = 'https://api.cartesia.ai/tts/bytes'
/** The first version whose failures are JSON with a code. */
const version = '2026-03-01'

/**
 * `TTSType` `cartesia`: the endpoint that streams bytes, with raw audio at the rate of the telephone.
 * @see https://docs.cartesia.ai/api-reference/tts/bytes
 */
export const cartesiaVoice: VoiceFactory = (config, { clock, patienceMs, endpoint }) => {
  const service = endpoint(config.APIUrl, address)
  const { APIKey: key, Model: model, VoiceId: voice, Language: language } = config
  if (!service || typeof key !== 'string' || typeof model !== 'string' || typeof voice !== 'string') return undefined
  const apiKey = new Secret(key)
  const settings = {
    model_id: model,
    voice: { mode: 'id', id: voice },
    output_format: { container: 'raw', encoding: 'pcm_s16le', sample_rate: sampleRateHz },
    ...(typeof language === 'string' && { language }),
  }
  return createHttpSynthesizer(
    {
      name: 'cartesia',
      endpoint: service,
      patienceMs,
      requestOf: (words) => ({
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${apiKey.reveal()}`,
          'cartesia-version': version,
        },
        body: JSON.stringify({ ...settings, transcript: words }),
      }),
      readerOf: rawSpeech,
      failureIn: (answer) => ({ code: memberOf(answer, 'error_code') }),
    },
    clock,
  )
}
