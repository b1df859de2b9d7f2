import { invalidValue } from '../answer/parameter-errors.ts'
import { customVoices, mustBeOneOf } from './custom-voice-members.ts'
import { jsonObject } from './json-text.ts'

/**
 * Checks `CustomTTSConfig`. A type of the API without an adapter is refused, for a call that named its voice must not be
 * spoken by another. Members that a type does not have are let through.
 *
 * @throws ApiError InvalidParameterValue naming the member
 */
export function assertCustomTts(text: string | undefined, allowPrivateUrls: boolean): void {
  const config = jsonObject('CustomTTSConfig', text)
  if (!config) return
  const type = typeof config.TTSType === 'string' ? config.TTSType.toLowerCase() : ''
  const members = customVoices.get(type)
  if (!members) throw mustBeOneOf('CustomTTSConfig.TTSType', [...customVoices.keys()].toSorted())
  for (const [name, check] of Object.entries(members.required)) {
    const path = `CustomTTSConfig.${name}`
    if (config[name] === undefined) throw invalidValue(path, { en: 'is required', zh: '不能缺少' })
    check(path, config[name], allowPrivateUrls)
  }
  for (const [name, check] of Object.entries(members.optional)) {
    if (config[name] !== undefined) check(`CustomTTSConfig.${name}`, config[name], allowPrivateUrls)
  }
}
