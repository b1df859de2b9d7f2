import { invalidValue } from '../answer/parameter-errors.ts'
import { printable } from './custom-voice-members.ts'
import { jsonObject } from './json-text.ts'
import { assertSocketUrl } from './model-url.ts'

const types: readonly unknown[] = ['deepgram', 'deepgram-flux']

/**
 * Checks `CustomSTTConfig`. The API does not publish its format; this is the project's own, named like that of
 * `CustomTTSConfig`.
 *
 * @throws ApiError InvalidParameterValue naming the member
 */
export function assertCustomStt(text: string | undefined, allowPrivateUrls: boolean): void {
  const config = jsonObject('CustomSTTConfig', text)
  if (!config) return
  const { STTType: type, APIKey: key, APIUrl: url, Model: model } = config
  if (!types.includes(typeof type === 'string' ? type.toLowerCase() : '')) {
    const list = types.join(', ')
    throw wrong('STTType', `must be one of: ${list}`, `取值必须为其中之一：${list}`)
  }
  if (typeof key !== 'string' || !printable.test(key)) {
    throw wrong('APIKey', 'must be printable ASCII without line breaks', '必须为可打印的 ASCII 字符，不得包含换行')
  }
  if (model !== undefined && (typeof model !== 'string' || model === ''))
    throw wrong('Model', 'must be text', '必须为文本')
  if (url !== undefined) assertSocketUrl('CustomSTTConfig.APIUrl', url, allowPrivateUrls)
}

const wrong = (member: string, en: string, zh: string) => invalidValue(`CustomSTTConfig.${member}`, { en, zh })
