import { Secret, sampleRateHz } from '@parley/core'
import type { VoiceFactory } from '../requested/voice-factory.ts'
import { createSocketSynthesizer } from '../socket/socket-synthesizer.ts'
import { readVolcengineFrame, volcengineRequest } from './binary-frame.ts'

const address = 'wss://openspeech.bytedance.com/api/v1/tts/ws_binary'
/** That of the voices of large models, and one of these: the defaults of the public API. */
const usual = { cluster: 'volcano_tts', voice: 'zh_male_aojiaobazong_moon_bigtts' }

/**
 * `TTSType` `volcengine`: Volcengine's speech synthesis, one text a connection.
 * @see https://www.volcengine.com/docs/6561/1257584
 */
export const volcengineVoice: VoiceFactory = (config, { clock, random, patienceMs, lines, endpoint }) => {
  const service = endpoint(config.APIUrl, address, 'ws')
  const { AppId: appId, Token: secret, Cluster: cluster, VoiceType: voice, Speed: speed, Volume: volume } = config
  if (!service || typeof appId !== 'string' || typeof secret !== 'string') return undefined
  const token = new Secret(secret)
  const audio = {
    voice_type: typeof voice === 'string' ? voice : usual.voice,
    encoding: 'pcm',
    rate: sampleRateHz,
    ...(typeof speed === 'number' && { speed_ratio: speed }),
    // The voices of large models know the second name, the older ones the first.
    ...(typeof volume === 'number' && { volume_ratio: volume, loudness_ratio: volume }),
  }
  return createSocketSynthesizer(
    {
      name: 'volcengine',
      url: service.url,
      requestFor: (words) => ({
        url: service.url,
        headers: { authorization: `Bearer;${token.reveal()}` },
        message: volcengineRequest({
          app: { appid: appId, token: token.reveal(), cluster: typeof cluster === 'string' ? cluster : usual.cluster },
          user: { uid: 'parley' },
          audio,
          request: { reqid: random.uuid(), text: words, text_type: 'plain', operation: 'submit' },
        }),
      }),
      read: readVolcengineFrame,
    },
    { clock, lines, patienceMs },
  )
}
