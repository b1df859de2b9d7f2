import { invalidValue } from '../answer/parameter-errors.ts'
import { jsonObject } from './json-text.ts'
import { assertModelUrl } from './model-url.ts'

/** What the audio may be. Rates are those that come down to the 8 kHz of the telephone. */
const audioMembers: Readonly<Record<string, readonly (string | number)[]>> = {
  AudioFormat: ['wav', 'pcm'],
  SampleRate: [8_000, 16_000, 24_000, 32_000, 48_000],
  AudioChannel: [1, 2],
}

/** What may stand in a header. */
export const printable = /^[\x20-\x7e]{1,8192}$/

/**
 * Checks `CustomTTSConfig`. Of the types of the API only `custom`, which is a protocol and no vendor, has an adapter; the
 * others are refused, for a call that named its voice must not be spoken by another.
 *
 * @throws ApiError InvalidParameterValue naming the member
 */
export function assertCustomTts(text: string | undefined, allowPrivateUrls: boolean): void {
  const config = jsonObject('CustomTTSConfig', text)
  if (!config) return
  const { TTSType: type, APIKey: key, APIUrl: url } = config
  if (typeof type !== 'string' || type.toLowerCase() !== 'custom') throw mustBeOneOf('TTSType', ['custom'])
  if (typeof key !== 'string' || !printable.test(key)) {
    throw invalidValue('CustomTTSConfig.APIKey', {
      en: 'must be printable ASCII without line breaks',
      zh: '必须为可打印的 ASCII 字符，不得包含换行',
    })
  }
  assertModelUrl('CustomTTSConfig.APIUrl', String(url), allowPrivateUrls)
  for (const [name, allowed] of Object.entries(audioMembers)) {
    const value = config[name]
    if (value !== undefined && !allowed.some((one) => one === value)) throw mustBeOneOf(name, allowed)
  }
}

function mustBeOneOf(member: string, allowed: readonly (string | number)[]) {
  const list = allowed.join(', ')
  return invalidValue(`CustomTTSConfig.${member}`, { en: `must be one of: ${list}`, zh: `取值必须为其中之一：${list}` })
}
