import { Secret } from '@parley/core'
import { expect, test } from 'vitest'
import { signedAddress } from './signed-address.ts'

const address = new URL('wss://tts.cloud.tencent.com/stream_ws')
const key = new Secret('exampleSecretKey')
/** Parameters for which the Python SDK of the vendor (`tts/speech_synthesizer_ws.py`) gives the signatures below. */
const parameters = {
  Action: 'TextToStreamAudioWS',
  AppId: 1_250_000_000,
  SecretId: 'AKIDexample',
  ModelType: 1,
  VoiceType: 101_001,
  Codec: 'pcm',
  SampleRate: 8_000,
  Speed: 1.25,
  Volume: 5,
  SessionId: 'session-1',
  Text: '你好，a b&c=d/100%+!',
  EnableSubtitle: 'False',
  Timestamp: 1_700_000_000,
  Expired: 1_700_086_400,
}
const cloned = { ...parameters, Text: 'Hello.', VoiceType: 200_000_000, Speed: 0, Volume: 0, FastVoiceType: 'WCHN-1' }

test.each([
  { given: parameters, signature: 'zs3E5TuQNdOb0K2u8Uh2jxYLCXs=' },
  { given: cloned, signature: 't6NzKjWgqndFuGbKkagQnHvXmjQ=' },
])('the signature is that of the vendor ($signature)', ({ given, signature }) => {
  const query = signedAddress(address, given, key).searchParams
  expect(query.get('Signature')).toBe(signature)
  expect(query.get('Text')).toBe(given.Text)
})

test('the order in which parameters are given does not matter', () => {
  const reversed = Object.fromEntries(Object.entries(parameters).reverse())
  expect(signedAddress(address, reversed, key).href).toBe(signedAddress(address, parameters, key).href)
})

test('another address is signed as the service itself, whose name a forwarder does not change', () => {
  const other = signedAddress(new URL('ws://127.0.0.1:9000/speech?old=1'), parameters, key)
  expect(other.href).toMatch(/^ws:\/\/127\.0\.0\.1:9000\/speech\?Action=/)
  expect(other.searchParams.get('Signature')).toBe('zs3E5TuQNdOb0K2u8Uh2jxYLCXs=')
})

test('half a surrogate pair is signed and sent alike', () => {
  const query = signedAddress(address, { Text: 'a\ud83d' }, key).searchParams
  expect(query.get('Text')).toBe('a\ufffd')
  expect(query.get('Signature')).toBe(signedAddress(address, { Text: 'a\ufffd' }, key).searchParams.get('Signature'))
})
