import { invalidValue } from '../answer/parameter-errors.ts'
import { assertModelUrl, assertSocketUrl } from './model-url.ts'

/** @throws ApiError InvalidParameterValue naming `path` when `value` will not do */
type MemberCheck = (path: string, value: unknown, allowPrivateUrls: boolean) => void

/** Members of one `TTSType`. */
export interface VoiceMembers {
  readonly required: Readonly<Record<string, MemberCheck>>
  readonly optional: Readonly<Record<string, MemberCheck>>
}

/** What may stand in a header. */
export const printable = /^[\x20-\x7e]{1,8192}$/

const secret: MemberCheck = (path, value) => {
  if (typeof value === 'string' && printable.test(value)) return
  throw invalidValue(path, {
    en: 'must be printable ASCII without line breaks',
    zh: '必须为可打印的 ASCII 字符，不得包含换行',
  })
}

const webAddress: MemberCheck = (path, value, allowPrivateUrls) =>
  assertModelUrl(path, typeof value === 'string' ? value : '', allowPrivateUrls)

const oneOf =
  (...allowed: readonly (string | number)[]): MemberCheck =>
  (path, value) => {
    if (!allowed.some((one) => one === value)) throw mustBeOneOf(path, allowed)
  }

const text: MemberCheck = (path, value) => {
  if (typeof value === 'string' && value.trim() !== '') return
  throw invalidValue(path, { en: 'must be a text that is not empty', zh: '必须为非空字符串' })
}

const between =
  (low: number, high: number): MemberCheck =>
  (path, value) => {
    if (typeof value === 'number' && value >= low && value <= high) return
    throw invalidValue(path, {
      en: `must be a number from ${low} to ${high}`,
      zh: `必须为 ${low} 至 ${high} 之间的数值`,
    })
  }

const wholeNumber: MemberCheck = (path, value) => {
  if (Number.isSafeInteger(value) && Number(value) >= 0) return
  throw invalidValue(path, { en: 'must be a whole number', zh: '必须为非负整数' })
}

/** Becomes a part of a host name. */
const region: MemberCheck = (path, value) => {
  if (typeof value === 'string' && /^[a-z\d-]{1,64}$/i.test(value)) return
  throw invalidValue(path, { en: 'must be the name of a region, e.g. eastasia', zh: '必须为区域名称，例如 eastasia' })
}

/** By `TTSType` in lower case. Rates of `custom` are those that come down to the 8 kHz of the telephone. */
export const customVoices: ReadonlyMap<string, VoiceMembers> = new Map<string, VoiceMembers>([
  [
    'custom',
    {
      required: { APIKey: secret, APIUrl: webAddress },
      optional: {
        AudioFormat: oneOf('wav', 'pcm'),
        SampleRate: oneOf(8_000, 16_000, 24_000, 32_000, 48_000),
        AudioChannel: oneOf(1, 2),
      },
    },
  ],
  [
    'minimax',
    {
      required: { APIKey: secret },
      optional: { APIUrl: webAddress, Model: text, GroupId: text, VoiceType: text, Speed: between(0.5, 2) },
    },
  ],
  [
    'azure',
    {
      required: { SubscriptionKey: secret, Region: region, VoiceName: text, Language: text },
      optional: { APIUrl: webAddress, Rate: between(0.5, 2) },
    },
  ],
  ['elevenlabs', { required: { APIKey: secret, Model: text, VoiceId: text }, optional: { APIUrl: webAddress } }],
  [
    'cartesia',
    { required: { APIKey: secret, Model: text, VoiceId: text }, optional: { APIUrl: webAddress, Language: text } },
  ],
  [
    'tencent',
    {
      required: { AppId: text, SecretId: secret, SecretKey: secret, VoiceType: wholeNumber },
      optional: {
        APIUrl: assertSocketUrl,
        Speed: between(-2, 6),
        Volume: between(0, 10),
        PrimaryLanguage: oneOf(1, 2, 3),
        FastVoiceType: text,
      },
    },
  ],
  [
    'volcengine',
    {
      required: { AppId: text, Token: secret },
      optional: {
        APIUrl: assertSocketUrl,
        Speed: between(0.1, 3),
        Volume: between(0.1, 3),
        Cluster: text,
        VoiceType: text,
      },
    },
  ],
])

/** The refusal of a value that stands in no list. */
export function mustBeOneOf(path: string, allowed: readonly (string | number)[]) {
  const list = allowed.join(', ')
  return invalidValue(path, { en: `must be one of: ${list}`, zh: `取值必须为其中之一：${list}` })
}
