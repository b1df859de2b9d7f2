import { Secret } from '@parley/core'
import { rawSpeech } from '../audio/raw-speech.ts'
import { createHttpSynthesizer } from '../http/http-synthesizer.ts'
import { memberOf, type ServiceFailure } from '../http/service-failure.ts'
import type { VoiceFactory } from '../requested/voice-factory.ts'

const address = 'https://api.elevenlabs.io/v1/text-to-speech'

/**
 * `TTSType` `elevenlabs`: the streaming endpoint, with raw audio at the rate of the telephone.
 * @see https://elevenlabs.io/docs/api-reference/text-to-speech/stream
 */
export const elevenlabsVoice: VoiceFactory = (config, { clock, patienceMs, endpoint }) => {
  const service = endpoint(config.APIUrl, address)
  const { APIKey: key, Model: model, VoiceId: voice } = config
  if (!service || typeof key !== 'string' || typeof model !== 'string' || typeof voice !== 'string') return undefined
  const apiKey = new Secret(key)
  const url = new URL(service.url)
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${encodeURIComponent(voice)}/stream`
  url.searchParams.set('output_format', 'pcm_8000')
  return createHttpSynthesizer(
    {
      name: 'elevenlabs',
      endpoint: { url, agent: service.agent },
      patienceMs,
      requestOf: (words) => ({
        headers: { 'content-type': 'application/json', 'xi-api-key': apiKey.reveal() },
        body: JSON.stringify({ text: words, model_id: model }),
      }),
      readerOf: rawSpeech,
      failureIn: elevenlabsFailure,
    },
    clock,
  )
}

/** `{"detail":{"code","status","message"}}`, or `{"detail":[{"type","msg"}]}` when the request has a wrong form. */
function elevenlabsFailure(answer: unknown): ServiceFailure | undefined {
  const detail = memberOf(answer, 'detail')
  if (Array.isArray(detail)) return { code: memberOf(detail[0], 'type') }
  return { code: memberOf(detail, 'code') ?? memberOf(detail, 'status') }
}
