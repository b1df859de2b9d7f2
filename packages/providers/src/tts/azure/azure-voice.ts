import { Secret } from '@parley/core'
import { rawSpeech } from '../audio/raw-speech.ts'
import { createHttpSynthesizer } from '../http/http-synthesizer.ts'
import type { VoiceFactory } from '../requested/voice-factory.ts'
import { speechMarkup } from './speech-markup.ts'

/**
 * `TTSType` `azure`: the REST endpoint of a region, with raw audio at the rate of the telephone. Failures are a status; what
 * text comes with it is not looked at.
 * @see https://learn.microsoft.com/azure/ai-services/speech-service/rest-text-to-speech
 */
export const azureVoice: VoiceFactory = (config, { clock, patienceMs, endpoint }) => {
  const { SubscriptionKey: key, Region: region, VoiceName: name, Language: language, Rate: rate = 1 } = config
  if (typeof key !== 'string' || typeof name !== 'string' || typeof language !== 'string') return undefined
  const service = typeof region === 'string' ? endpoint(config.APIUrl, addressOf(region)) : undefined
  if (!service || typeof rate !== 'number') return undefined
  const subscriptionKey = new Secret(key)
  return createHttpSynthesizer(
    {
      name: 'azure',
      endpoint: service,
      patienceMs,
      requestOf: (words) => ({
        headers: {
          'content-type': 'application/ssml+xml',
          'ocp-apim-subscription-key': subscriptionKey.reveal(),
          'x-microsoft-outputformat': 'raw-8khz-16bit-mono-pcm',
          // Required; who does not say who it is gets 400.
          'user-agent': 'Parley',
        },
        body: speechMarkup(words, { name, language, rate }),
      }),
      readerOf: rawSpeech,
    },
    clock,
  )
}

/** Regions in China are a cloud of their own. Undefined: a name that would lead elsewhere. */
function addressOf(region: string): string | undefined {
  if (!/^[a-z\d-]{1,64}$/i.test(region)) return undefined
  const host = /^china/i.test(region) ? 'tts.speech.azure.cn' : 'tts.speech.microsoft.com'
  return `https://${region}.${host}/cognitiveservices/v1`
}
