import { Secret, sampleRateHz } from '@parley/core'
import type { VoiceFactory } from '../requested/voice-factory.ts'
import { createSocketSynthesizer } from '../socket/socket-synthesizer.ts'
import { signedAddress } from './signed-address.ts'
import { readTencentFrame } from './tencent-message.ts'

const address = 'wss://tts.cloud.tencent.com/stream_ws'
/** How long an address may be used: as long as clocks may differ. Taste; the service takes up to 90 days. */
const validForSeconds = 3_600

/**
 * `TTSType` `tencent`: Tencent Cloud's real-time speech synthesis, which takes the whole text with the request. Its sister
 * that takes text in parts (`stream_wsv2`) takes the first of them one round trip later.
 * @see https://cloud.tencent.com/document/product/1073/37933
 */
export const tencentVoice: VoiceFactory = (config, { clock, random, patienceMs, lines, endpoint }) => {
  const service = endpoint(config.APIUrl, address, 'ws')
  const { AppId: appId, SecretId: secretId, SecretKey: key, VoiceType: voice } = config
  if (!service || typeof appId !== 'string' || typeof secretId !== 'string') return undefined
  if (typeof key !== 'string' || typeof voice !== 'number') return undefined
  const { Speed: speed, Volume: volume, PrimaryLanguage: language, FastVoiceType: clone } = config
  const secretKey = new Secret(key)
  const settings = {
    Action: 'TextToStreamAudioWS',
    AppId: appId,
    SecretId: secretId,
    VoiceType: voice,
    Codec: 'pcm',
    SampleRate: sampleRateHz,
    ...(typeof speed === 'number' && { Speed: speed }),
    ...(typeof volume === 'number' && { Volume: volume }),
    ...(typeof language === 'number' && { PrimaryLanguage: language }),
    ...(typeof clone === 'string' && { FastVoiceType: clone }),
  }
  return createSocketSynthesizer(
    {
      name: 'tencent',
      url: service.url,
      requestFor: (words) => {
        const nowSeconds = Math.floor(clock.wallMs() / 1_000)
        const times = { Timestamp: nowSeconds, Expired: nowSeconds + validForSeconds }
        const parameters = { ...settings, ...times, SessionId: random.uuid(), Text: words }
        return { url: signedAddress(service.url, parameters, secretKey) }
      },
      read: readTencentFrame,
    },
    { clock, lines, patienceMs },
  )
}
