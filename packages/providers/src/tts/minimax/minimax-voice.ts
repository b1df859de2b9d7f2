import { Secret, sampleRateHz } from '@parley/core'
import { createHttpSynthesizer } from '../http/http-synthesizer.ts'
import type { VoiceFactory } from '../requested/voice-factory.ts'
import { MinimaxSpeechReader, minimaxFailure } from './minimax-speech-reader.ts'

const address = 'https://api.minimax.chat/v1/t2a_v2'
const defaultModel = 'speech-02-turbo'
const defaultVoice = 'female-tianmei'

/**
 * `TTSType` `minimax`: T2A v2, streamed.
 * @see https://platform.minimax.io/docs/api-reference/speech-t2a-http
 */
export const minimaxVoice: VoiceFactory = (config, { clock, patienceMs, endpoint }) => {
  const service = endpoint(config.APIUrl, address)
  if (!service || typeof config.APIKey !== 'string') return undefined
  const { GroupId: group, Model: model, VoiceType: voice, Speed: speed } = config
  const apiKey = new Secret(config.APIKey)
  const url = new URL(service.url)
  if (typeof group === 'string') url.searchParams.set('GroupId', group)
  const settings = {
    model: typeof model === 'string' ? model : defaultModel,
    stream: true,
    stream_options: { exclude_aggregated_audio: true },
    voice_setting: {
      voice_id: typeof voice === 'string' ? voice : defaultVoice,
      ...(typeof speed === 'number' && { speed }),
    },
    audio_setting: { format: 'pcm', sample_rate: sampleRateHz, channel: 1 },
  }
  return createHttpSynthesizer(
    {
      name: 'minimax',
      endpoint: { url, agent: service.agent },
      patienceMs,
      requestOf: (words) => ({
        headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey.reveal()}` },
        body: JSON.stringify({ ...settings, text: words }),
      }),
      readerOf: () => new MinimaxSpeechReader(),
      failureIn: minimaxFailure,
    },
    clock,
  )
}
