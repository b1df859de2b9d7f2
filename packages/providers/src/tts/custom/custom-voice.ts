import { Secret } from '@parley/core'
import type { VoiceFactory } from '../requested/voice-factory.ts'
import { createCustomSynthesizer } from './custom-synthesizer.ts'

/** `TTSType` `custom`: any service that speaks the protocol of the public API. */
export const customVoice: VoiceFactory = (config, { clock, random, headers, patienceMs, endpoint }) => {
  const service = endpoint(config.APIUrl)
  if (!service || typeof config.APIKey !== 'string') return undefined
  return createCustomSynthesizer(
    {
      url: service.url.href,
      agent: service.agent,
      apiKey: new Secret(config.APIKey),
      format: config.AudioFormat === 'pcm' ? 'pcm' : 'wav',
      sampleRateHz: typeof config.SampleRate === 'number' ? config.SampleRate : 16_000,
      channels: config.AudioChannel === 2 ? 2 : 1,
      headers,
      patienceMs,
    },
    { clock, random },
  )
}
