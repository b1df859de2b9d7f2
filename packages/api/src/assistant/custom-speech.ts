import { invalidValue } from '../answer/parameter-errors.ts'
import { jsonObject } from './json-text.ts'

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

/** @throws ApiError InvalidParameterValue naming the member */
export function assertCustomTts(text: string | undefined): void {
  const config = jsonObject('CustomTTSConfig', text)
  if (!config) return
  const type = typeof config.TTSType === 'string' ? config.TTSType.toLowerCase() : ''
  const required = Object.hasOwn(requiredMembers, type) ? requiredMembers[type] : undefined
  if (!required) {
    const known = Object.keys(requiredMembers).join(', ')
    throw invalidValue('CustomTTSConfig.TTSType', {
      en: `must be one of: ${known}`,
      zh: `取值必须为其中之一：${known}`,
    })
  }
  const missing = required.find((name) => config[name] === undefined || config[name] === '')
  if (missing) throw invalidValue(`CustomTTSConfig.${missing}`, { en: 'is required', zh: '不能为空' })
}
