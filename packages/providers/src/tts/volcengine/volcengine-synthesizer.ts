import { type Clock, type Random, type Secret, type SpeechSynthesizer, sampleRateHz } from '@parley/core'
import { createSocketSynthesizer } from '../socket/socket-synthesizer.ts'
import type { SocketEndpoint } from '../socket/spare-line.ts'
import { readVolcengineFrame, volcengineRequest } from './binary-frame.ts'

/** A voice of Volcengine's speech synthesis. */
export interface VolcengineVoiceOptions {
  readonly endpoint: SocketEndpoint
  readonly appId: string
  readonly token: Secret
  /** Default: that of the service for voices of large models. */
  readonly cluster?: string | undefined
  /** Default: the one that the public API names. */
  readonly voiceType?: string | undefined
  /** Times as fast as it is. */
  readonly speed?: number | undefined
  /** Times as loud as it is. */
  readonly volume?: number | undefined
  readonly patienceMs: number
}

export const volcengineUrl = 'wss://openspeech.bytedance.com/api/v1/tts/ws_binary'

/** Speaks through `ws_binary`, one text a connection. */
export function createVolcengineSynthesizer(
  options: VolcengineVoiceOptions,
  tools: { readonly clock: Clock; readonly random: Random },
): SpeechSynthesizer {
  const { clock, random } = tools
  const { endpoint, token, speed, volume, patienceMs } = options
  const app = { appid: options.appId, token: token.reveal(), cluster: options.cluster ?? 'volcano_tts' }
  const audio = {
    voice_type: options.voiceType ?? 'zh_male_aojiaobazong_moon_bigtts',
    encoding: 'pcm',
    rate: sampleRateHz,
    ...(speed !== undefined && { speed_ratio: speed }),
    // The voices of large models know the second name, the older ones the first.
    ...(volume !== undefined && { volume_ratio: volume, loudness_ratio: volume }),
  }
  const requestFor = (words: string) => {
    const request = { reqid: random.uuid(), text: words, text_type: 'plain', operation: 'submit' }
    return {
      url: endpoint.url.href,
      headers: { authorization: `Bearer;${token.reveal()}` },
      message: volcengineRequest({ app, user: { uid: 'parley' }, audio, request }),
    }
  }
  return createSocketSynthesizer(
    { name: 'volcengine', endpoint, requestFor, read: readVolcengineFrame },
    { clock, patienceMs },
  )
}
