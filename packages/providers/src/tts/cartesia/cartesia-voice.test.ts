import { expect, test } from 'vitest'
import { pcm, requestedVoice } from '../../../test/requested-voice.ts'

const config = { TTSType: 'cartesia', APIKey: 'secret-key', Model: 'sonic-3', VoiceId: 'voice-1' }

test('a sentence is one request for raw audio at the rate of the telephone', async () => {
  const { say, asked } = await requestedVoice(config, (response) => {
    response.writeHead(200, { 'content-type': 'audio/pcm' }).end(pcm(1, -2, 3))
  })
  expect(await say('Hello.')).toEqual([1, -2, 3])
  expect(asked[0]).toMatchObject({
    path: '/speech',
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer secret-key',
      'cartesia-version': '2026-03-01',
    },
  })
  expect(JSON.parse(asked[0]?.body ?? '')).toEqual({
    model_id: 'sonic-3',
    transcript: 'Hello.',
    voice: { mode: 'id', id: 'voice-1' },
    output_format: { container: 'raw', encoding: 'pcm_s16le', sample_rate: 8_000 },
  })
})

test('a language is passed on', async () => {
  const { say, asked } = await requestedVoice({ ...config, Language: 'fr' }, (response) => response.end(pcm(1)))
  await say('Bonjour.')
  expect(JSON.parse(asked[0]?.body ?? '')).toMatchObject({ language: 'fr' })
})

const failure = (code: string | null) =>
  JSON.stringify({ error_code: code, title: 'Hello.', message: 'secret-key', request_id: 'id' })

test.each([
  [429, failure('concurrency_limited'), 'TTS_UNAVAILABLE', 'status 429 code concurrency_limited'],
  [402, failure('quota_exceeded'), 'TTS_FAILED', 'status 402 code quota_exceeded'],
  [400, failure(null), 'TTS_FAILED', 'status 400'],
  [400, 'Invalid transcript: Hello.', 'TTS_FAILED', 'status 400'],
  [503, '', 'TTS_UNAVAILABLE', 'status 503'],
])('status %i with %s is %s', async (status, body, code, detail) => {
  const { fail } = await requestedVoice(config, (response) => response.writeHead(status).end(body))
  const error = await fail('Hello.')
  expect(error.code).toBe(code)
  expect(error.message).toMatch(new RegExp(`: ${detail}$`))
})
