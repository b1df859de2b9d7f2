import { invalidValue } from '../answer/parameter-errors.ts'
import { jsonObject } from './json-text.ts'
import { assertModelUrl } from './model-url.ts'

/** Members each `TTSType` of `CustomTTSConfig` must have. */
const requiredMembers: Readonly<Record<string, readonly string[]>> = {
  tencent: ['AppId', 'SecretId', 'SecretKey', 'VoiceType'],
  minimax: ['Model', 'APIUrl', 'APIKey', 'GroupId', 'VoiceType'],
  volcengine: ['AppId', 'Token'],
  azure: ['SubscriptionKey', 'Region', 'VoiceName', 'Language'],
  custom: ['APIKey', 'APIUrl'],
  elevenlabs: ['Model', 'APIKey', 'VoiceId'],
  cartesia: ['Model', 'APIKey', 'VoiceId'],
  flow: ['VoiceId', 'Model'],
}

/** What the audio of a voice of type `custom` may be. Rates are those that come down to the 8 kHz of the telephone. */
const audioMembers: Readonly<Record<string, readonly (string | number)[]>> = {
  AudioFormat: ['wav', 'pcm'],
  SampleRate: [8_000, 16_000, 24_000, 32_000, 48_000],
  AudioChannel: [1, 2],
}

/** What may stand in a header. */
export const printable = /^[\x20-\x7e]{1,8192}$/

/** @throws ApiError InvalidParameterValue naming the member */
export function assertCustomTts(text: string | undefined, allowPrivateUrls: boolean): void {
  const config = jsonObject('CustomTTSConfig', text)
  if (!config) return
  const type = typeof config.TTSType === 'string' ? config.TTSType.toLowerCase() : ''
  const required = Object.hasOwn(requiredMembers, type) ? requiredMembers[type] : undefined
  if (!required) throw mustBeOneOf('TTSType', Object.keys(requiredMembers))
  const missing = required.find((name) => config[name] === undefined || config[name] === '')
  if (missing) throw invalidValue(`CustomTTSConfig.${missing}`, { en: 'is required', zh: '不能为空' })
  if (config.APIUrl !== undefined) assertModelUrl('CustomTTSConfig.APIUrl', String(config.APIUrl), allowPrivateUrls)
  if (config.APIKey !== undefined && !(typeof config.APIKey === 'string' && printable.test(config.APIKey))) {
    throw invalidValue('CustomTTSConfig.APIKey', {
      en: 'must be printable ASCII without line breaks',
      zh: '必须为可打印的 ASCII 字符，不得包含换行',
    })
  }
  if (type !== 'custom') return
  for (const [name, allowed] of Object.entries(audioMembers)) {
    const value = config[name]
    if (value !== undefined && !allowed.some((one) => one === value)) throw mustBeOneOf(name, allowed)
  }
}

function mustBeOneOf(member: string, allowed: readonly (string | number)[]) {
  const list = allowed.join(', ')
  return invalidValue(`CustomTTSConfig.${member}`, { en: `must be one of: ${list}`, zh: `取值必须为其中之一：${list}` })
}
