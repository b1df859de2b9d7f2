import { expect, test } from 'vitest'
import { pcm, requestedVoice } from '../../../test/requested-voice.ts'
import type { VoiceTools } from '../requested/voice-factory.ts'
import { azureVoice } from './azure-voice.ts'

const config = {
  TTSType: 'azure',
  SubscriptionKey: 'secret-key',
  Region: 'southeastasia',
  VoiceName: 'en-US-AmandaMultilingualNeural',
  Language: 'en-US',
}

test('a sentence is one document, answered with raw audio at the rate of the telephone', async () => {
  const { say, asked } = await requestedVoice(config, (response) => {
    response.writeHead(200, { 'content-type': 'audio/x-wav' }).end(pcm(1, -2, 3))
  })
  expect(await say('Salt & <break/> "pepper"')).toEqual([1, -2, 3])
  expect(asked[0]).toMatchObject({
    path: '/speech',
    headers: {
      'content-type': 'application/ssml+xml',
      'ocp-apim-subscription-key': 'secret-key',
      'x-microsoft-outputformat': 'raw-8khz-16bit-mono-pcm',
      'user-agent': expect.any(String),
    },
  })
  expect(asked[0]?.body).toBe(
    '<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="en-US">' +
      '<voice name="en-US-AmandaMultilingualNeural">Salt &amp; &lt;break/&gt; &quot;pepper&quot;</voice></speak>',
  )
})

test('a rate is asked for in the document', async () => {
  const { say, asked } = await requestedVoice({ ...config, Rate: 1.25 }, (response) => response.end(pcm(1)))
  await say('Hello.')
  expect(asked[0]?.body).toContain('<prosody rate="1.25">Hello.</prosody>')
})

test.each([
  [400, 'TTS_FAILED'],
  [401, 'TTS_FAILED'],
  [415, 'TTS_FAILED'],
  [429, 'TTS_UNAVAILABLE'],
  [502, 'TTS_UNAVAILABLE'],
  [503, 'TTS_UNAVAILABLE'],
])('status %i is %s, and its text is not repeated', async (status, code) => {
  const { fail } = await requestedVoice(config, (response) => response.writeHead(status).end('Hello. secret-key'))
  const error = await fail('Hello.')
  expect(error).toMatchObject({ code, message: expect.stringContaining(`status ${status}`) })
  expect(error.message).not.toMatch(/Hello|secret-key/)
})

test.each([
  ['southeastasia', 'https://southeastasia.tts.speech.microsoft.com/cognitiveservices/v1'],
  ['chinanorth2', 'https://chinanorth2.tts.speech.azure.cn/cognitiveservices/v1'],
  ['evil.example.com/', undefined],
  ['a@evil.example.com#', undefined],
])('region %s is at %s', (region, address) => {
  const standards: unknown[] = []
  const endpoint: VoiceTools['endpoint'] = (_address, standard) => {
    standards.push(standard)
    return undefined
  }
  const tools = { endpoint } as Partial<VoiceTools> as VoiceTools
  expect(azureVoice({ ...config, Region: region }, tools)).toBe(undefined)
  expect(standards).toEqual([address])
})
