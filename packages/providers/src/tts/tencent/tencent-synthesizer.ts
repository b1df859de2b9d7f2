import { type Clock, type Random, type Secret, type SpeechSynthesizer, sampleRateHz } from '@parley/core'
import { createSocketSynthesizer } from '../socket/socket-synthesizer.ts'
import type { SocketEndpoint } from '../socket/spare-line.ts'
import { signedAddress } from './signed-address.ts'
import { readTencentFrame } from './tencent-message.ts'

/** A voice of Tencent Cloud's real-time speech synthesis. Ranges are those of the service. */
export interface TencentVoiceOptions {
  /** The query of its address is replaced. */
  readonly endpoint: SocketEndpoint
  readonly appId: string
  readonly secretId: string
  readonly secretKey: Secret
  readonly voiceType: number
  /** -2 (0.6 times as fast) to 6 (2.5 times); 0 as it is. */
  readonly speed?: number | undefined
  /** 0 (as it is) to 10. */
  readonly volume?: number | undefined
  /** 1 Chinese, 2 English, 3 Japanese. */
  readonly primaryLanguage?: number | undefined
  /** Name of a cloned voice. */
  readonly fastVoiceType?: string | undefined
  readonly patienceMs: number
}

export const tencentUrl = 'wss://tts.cloud.tencent.com/stream_ws'

/** How long an address may be used: as long as clocks may differ. Taste; the service takes up to 90 days. */
const validForSeconds = 3_600

/**
 * Speaks through `stream_ws`, which takes the whole text with the request. Its sister that takes text in parts
 * (`stream_wsv2`) takes the first of them one round trip later.
 */
export function createTencentSynthesizer(
  options: TencentVoiceOptions,
  tools: { readonly clock: Clock; readonly random: Random },
): SpeechSynthesizer {
  const { clock, random } = tools
  const { endpoint, secretKey, patienceMs, speed, volume, primaryLanguage, fastVoiceType } = options
  const fixed = {
    Action: 'TextToStreamAudioWS',
    AppId: options.appId,
    SecretId: options.secretId,
    VoiceType: options.voiceType,
    Codec: 'pcm',
    SampleRate: sampleRateHz,
    ...(speed !== undefined && { Speed: speed }),
    ...(volume !== undefined && { Volume: volume }),
    ...(primaryLanguage !== undefined && { PrimaryLanguage: primaryLanguage }),
    ...(fastVoiceType !== undefined && { FastVoiceType: fastVoiceType }),
  }
  const requestFor = (words: string) => {
    const nowSeconds = Math.floor(clock.wallMs() / 1_000)
    const own = { SessionId: random.uuid(), Text: words, Timestamp: nowSeconds, Expired: nowSeconds + validForSeconds }
    return { url: signedAddress(endpoint.url, { ...fixed, ...own }, secretKey) }
  }
  return createSocketSynthesizer(
    { name: 'tencent', endpoint, requestFor, read: readTencentFrame },
    { clock, patienceMs },
  )
}
