import { expect, test } from 'vitest'
import { pcm, requestedVoice } from '../../../test/requested-voice.ts'

const config = { TTSType: 'elevenlabs', APIKey: 'secret-key', Model: 'eleven_flash_v2_5', VoiceId: 'a/voice?' }

test('a sentence is one request to the streaming endpoint of the voice', async () => {
  const { say, asked } = await requestedVoice(config, (response) => {
    response.writeHead(200, { 'content-type': 'audio/pcm' }).end(pcm(1, -2, 3))
  })
  expect(await say('Hello.')).toEqual([1, -2, 3])
  expect(asked[0]).toMatchObject({
    path: '/speech/a%2Fvoice%3F/stream?output_format=pcm_8000',
    headers: { 'content-type': 'application/json', 'xi-api-key': 'secret-key' },
  })
  expect(JSON.parse(asked[0]?.body ?? '')).toEqual({ text: 'Hello.', model_id: 'eleven_flash_v2_5' })
})

const message = 'Hello. secret-key'

test.each([
  [401, { detail: { status: 'invalid_api_key', message } }, 'TTS_FAILED', 'status 401 code invalid_api_key'],
  [
    400,
    { detail: { type: 'validation_error', code: 'invalid_parameters', status: 'old', message, param: 'model_id' } },
    'TTS_FAILED',
    'status 400 code invalid_parameters',
  ],
  [429, { detail: { status: 'system_busy', message } }, 'TTS_UNAVAILABLE', 'status 429 code system_busy'],
  [422, { detail: [{ loc: ['body'], msg: message, type: 'missing' }] }, 'TTS_FAILED', 'status 422 code missing'],
  [404, { detail: message }, 'TTS_FAILED', 'status 404'],
  [500, message, 'TTS_UNAVAILABLE', 'status 500'],
])('status %i with %o is %s', async (status, body, code, detail) => {
  const { fail } = await requestedVoice(config, (response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  const error = await fail('Hello.')
  expect(error.code).toBe(code)
  expect(error.message).toMatch(new RegExp(`: ${detail}$`))
})
