import { expect, test } from 'vitest'
import { pcm, requestedVoice } from '../../../test/requested-voice.ts'

const hex = `data: {"data":{"audio":"${pcm(1, 2).toString('hex')}","status":1}}\n\n`

/** Each type that speaks over HTTP, with a piece of its audio. */
const voices = [
  { TTSType: 'custom', APIKey: 'k', sound: pcm(1, 2), type: 'audio/L16; rate=8000' },
  { TTSType: 'minimax', APIKey: 'k', sound: hex, type: 'text/event-stream' },
  { TTSType: 'elevenlabs', APIKey: 'k', Model: 'm', VoiceId: 'v', sound: pcm(1, 2), type: 'audio/pcm' },
  { TTSType: 'cartesia', APIKey: 'k', Model: 'm', VoiceId: 'v', sound: pcm(1, 2), type: 'application/octet-stream' },
  {
    TTSType: 'azure',
    SubscriptionKey: 'k',
    Region: 'r',
    VoiceName: 'v',
    Language: 'en-US',
    sound: pcm(1, 2),
    type: 'audio/basic',
  },
]

test.each(voices)(
  '$TTSType: audio is heard before the answer has ended, and an abort closes the request',
  async ({ sound, type, ...config }) => {
    const { promise: closed, resolve: sawClose } = Promise.withResolvers<void>()
    const { speak } = await requestedVoice(config, (response) => {
      response.on('close', sawClose)
      response.writeHead(200, { 'content-type': type }).write(sound)
    })
    const controller = new AbortController()
    const chunks = speak('Hello.', controller.signal)[Symbol.asyncIterator]()
    expect([...((await chunks.next()).value?.samples ?? [])]).toEqual([1, 2])
    const reason = new Error('user spoke')
    controller.abort(reason)
    await expect(chunks.next()).rejects.toBe(reason)
    await closed
  },
)

test.each(voices)('$TTSType: who does not answer in time is given up', async ({ sound: _, type: __, ...config }) => {
  const { promise: arrived, resolve: sawRequest } = Promise.withResolvers<void>()
  const { fail, clock } = await requestedVoice(config, () => sawRequest())
  const failure = fail('Hello.')
  await arrived
  await clock.advance(2_500)
  expect(await failure).toMatchObject({ code: 'TTS_TIMEOUT' })
})

test.each(voices)('$TTSType: a page is not played', async ({ sound: _, type: __, ...config }) => {
  const { say } = await requestedVoice(config, (response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html>a page of many words</html>')
  })
  expect(await say('Hello.').catch(({ code }) => code)).toEqual(config.TTSType === 'minimax' ? [] : 'TTS_FAILED')
})

test.each(voices)('$TTSType: a redirect is not followed', async ({ sound: _, type: __, ...config }) => {
  const { fail, asked } = await requestedVoice(config, (response) => {
    response.writeHead(307, { location: '/elsewhere' }).end()
  })
  expect(await fail('Hello.')).toMatchObject({ code: 'TTS_FAILED', message: expect.stringContaining('status 307') })
  expect(asked).toHaveLength(1)
})
