import { expect, test } from 'vitest'
import { assertCustomTts } from './custom-speech.ts'

/** All members of each type. */
const configs: readonly Readonly<Record<string, unknown>>[] = [
  {
    TTSType: 'custom',
    APIKey: 'k',
    APIUrl: 'https://voice.example.com/tts',
    AudioFormat: 'pcm',
    SampleRate: 8_000,
    AudioChannel: 2,
  },
  {
    TTSType: 'MiniMax',
    APIKey: 'k',
    APIUrl: 'https://api.minimax.chat/v1/t2a_v2',
    GroupId: '1810',
    Model: 'speech-01-turbo',
    VoiceType: 'female-tianmei',
    Speed: 1.2,
  },
  {
    TTSType: 'Azure',
    SubscriptionKey: 'k',
    Region: 'southeastasia',
    VoiceName: 'en-US-AmandaMultilingualNeural',
    Language: 'en-US',
    Rate: 0.5,
    APIUrl: 'https://speech.example.com/cognitiveservices/v1',
  },
  {
    TTSType: 'elevenlabs',
    APIKey: 'k',
    Model: 'eleven_turbo_v2_5',
    VoiceId: 'v',
    APIUrl: 'https://api.eu.example.com/v1/text-to-speech',
  },
  {
    TTSType: 'cartesia',
    APIKey: 'k',
    Model: 'sonic-3',
    VoiceId: 'v',
    Language: 'en',
    APIUrl: 'https://api.example.com/tts/bytes',
  },
  {
    TTSType: 'Tencent',
    AppId: '1250000000',
    SecretId: 'i',
    SecretKey: 'k',
    VoiceType: 101_001,
    Speed: 1.25,
    Volume: 0,
    PrimaryLanguage: 1,
    FastVoiceType: 'WCHN-1',
    APIUrl: 'wss://tts.example.com/stream_ws',
  },
  {
    TTSType: 'volcengine',
    AppId: '1',
    Token: 'k',
    Speed: 1,
    Volume: 1,
    Cluster: 'volcano_tts',
    VoiceType: 'zh_male_aojiaobazong_moon_bigtts',
    APIUrl: 'wss://speech.example.com/api/v1/tts/ws_binary',
  },
]
const needed: Readonly<Record<string, readonly string[]>> = {
  custom: ['APIKey', 'APIUrl'],
  MiniMax: ['APIKey'],
  Azure: ['SubscriptionKey', 'Region', 'VoiceName', 'Language'],
  elevenlabs: ['APIKey', 'Model', 'VoiceId'],
  cartesia: ['APIKey', 'Model', 'VoiceId'],
  Tencent: ['AppId', 'SecretId', 'SecretKey', 'VoiceType'],
  volcengine: ['AppId', 'Token'],
}

const check = (config: unknown, allowPrivateUrls = false) => assertCustomTts(JSON.stringify(config), allowPrivateUrls)
const refusal = (member: string, rest = '') =>
  expect.objectContaining({
    code: 'InvalidParameterValue',
    text: { en: expect.stringContaining(`\`CustomTTSConfig.${member}\` ${rest}`), zh: expect.any(String) },
  })

test.each(configs)('$TTSType with all its members is taken', (config) => {
  expect(() => check(config)).not.toThrow()
})

test.each(configs)('$TTSType is refused without a member that it needs, which is named', (config) => {
  const missing = needed[String(config.TTSType)] ?? []
  for (const name of Object.keys(config).filter((member) => member !== 'TTSType')) {
    const { [name]: _, ...rest } = config
    if (missing.includes(name)) expect(() => check(rest), name).toThrowError(refusal(name))
    else expect(() => check(rest), name).not.toThrow()
  }
})

test.each(configs)('$TTSType is refused with a member of another type, which is named', (config) => {
  for (const name of Object.keys(config)) {
    for (const value of [true, {}, null, '']) {
      expect(() => check({ ...config, [name]: value }), name).toThrowError(refusal(name))
    }
  }
})

test.each(configs)('$TTSType goes to a private address only where that is allowed', (config) => {
  const { protocol } = new URL(String(config.APIUrl))
  const inside = { ...config, APIUrl: `${protocol.replace('s:', ':')}//127.0.0.1:8080/` }
  expect(() => check(inside)).toThrowError(refusal('APIUrl'))
  expect(() => check(inside, true)).not.toThrow()
  const otherScheme = protocol === 'https:' ? 'wss' : 'https'
  for (const scheme of ['ftp', otherScheme]) {
    expect(() => check({ ...config, APIUrl: `${scheme}://voice.example.com/` })).toThrowError(refusal('APIUrl'))
  }
})

test.each([
  ['MiniMax', 'Speed', 0.4],
  ['MiniMax', 'Speed', 2.1],
  ['MiniMax', 'Speed', '1'],
  ['Azure', 'Rate', 0.4],
  ['Azure', 'Rate', 2.1],
  ['Azure', 'Region', 'evil.example.com/'],
  ['Azure', 'SubscriptionKey', 'a\nb'],
  ['elevenlabs', 'APIKey', 'a\r\nb: c'],
  ['cartesia', 'VoiceId', ' '],
  ['custom', 'SampleRate', 22_050],
  ['Tencent', 'VoiceType', '101001'],
  ['Tencent', 'VoiceType', 101.5],
  ['Tencent', 'Speed', -2.1],
  ['Tencent', 'Speed', 6.1],
  ['Tencent', 'Volume', 10.1],
  ['Tencent', 'Volume', -1],
  ['Tencent', 'PrimaryLanguage', 4],
  ['Tencent', 'AppId', 1_250_000_000],
  ['volcengine', 'Token', 'a\r\nb: c'],
  ['volcengine', 'Speed', 0],
  ['volcengine', 'Volume', 3.1],
])('%s with %s %o is refused', (type, name, value) => {
  const config = configs.find(({ TTSType }) => TTSType === type)
  expect(() => check({ ...config, [name]: value })).toThrowError(refusal(name))
})

test.each(['flow', 'constructor', 'tts', '', 7, undefined])(
  'the type %o is refused with the names of those there are',
  (TTSType) => {
    const known = 'must be one of: azure, cartesia, custom, elevenlabs, minimax, tencent, volcengine.'
    expect(() => check({ TTSType, APIKey: 'k' })).toThrowError(refusal('TTSType', known))
  },
)
