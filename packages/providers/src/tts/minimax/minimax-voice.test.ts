import type { ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import { pcm, requestedVoice } from '../../../test/requested-voice.ts'

const config = {
  TTSType: 'minimax',
  APIKey: 'secret-key',
  GroupId: '1810',
  Model: 'speech-01-turbo',
  VoiceType: 'male-1',
  Speed: 1.2,
}
const success = { status_code: 0, status_msg: 'success' }
const event = (value: object) => `data: ${JSON.stringify(value)}\n\n`
const piece = (status: number, ...samples: readonly number[]) =>
  event({ data: { audio: pcm(...samples).toString('hex'), status }, base_resp: success })

const answers =
  (...parts: readonly (string | Buffer)[]) =>
  (response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
    for (const part of parts) response.write(part)
    response.end()
  }

test('a sentence is one streamed request for raw audio at the rate of the telephone', async () => {
  const { say, asked } = await requestedVoice(config, answers(piece(1, 1, 2), piece(1, -3), piece(2)))
  expect(await say('Hello.')).toEqual([1, 2, -3])
  expect(asked).toHaveLength(1)
  expect(asked[0]).toMatchObject({
    path: '/speech?GroupId=1810',
    headers: { 'content-type': 'application/json', authorization: 'Bearer secret-key' },
  })
  expect(asked[0]?.headers['x-task-id']).toBe(undefined)
  expect(JSON.parse(asked[0]?.body ?? '')).toEqual({
    model: 'speech-01-turbo',
    text: 'Hello.',
    stream: true,
    stream_options: { exclude_aggregated_audio: true },
    voice_setting: { voice_id: 'male-1', speed: 1.2 },
    audio_setting: { format: 'pcm', sample_rate: 8_000, channel: 1 },
  })
})

test('only the key has to be given', async () => {
  const { say, asked } = await requestedVoice({ TTSType: 'minimax', APIKey: 'k' }, answers(piece(1, 1)))
  expect(await say('Hello.')).toEqual([1])
  expect(asked[0]?.path).toBe('/speech')
  expect(JSON.parse(asked[0]?.body ?? '')).toMatchObject({
    model: 'speech-02-turbo',
    voice_setting: { voice_id: 'female-tianmei' },
  })
})

test('the sound is the same wherever the stream is cut, in events and in samples', async () => {
  const half = (hex: string) => event({ data: { audio: hex, status: 1 }, base_resp: success })
  const stream = Buffer.from(`${half('0100ff')}${half('7f')}: a comment\r\n\r\n${piece(1, 5).trimEnd()}`)
  const bytes = [...stream].map((byte) => Buffer.of(byte))
  const { say } = await requestedVoice(config, answers(...bytes))
  expect(await say('Hello.')).toEqual([1, 32_767, 5])
})

test('audio that is repeated whole in the last event is heard once, and heard when it is all there is', async () => {
  const repeated = await requestedVoice(config, answers(piece(1, 1), piece(1, 2), piece(2, 1, 2)))
  expect(await repeated.say('Hello.')).toEqual([1, 2])
  const single = await requestedVoice(config, answers(piece(2, 1, 2)))
  expect(await single.say('Hello.')).toEqual([1, 2])
})

const failure = (code: number) => ({ base_resp: { status_code: code, status_msg: 'Hello. secret-key' } })

test.each([
  [1002, 'TTS_UNAVAILABLE'],
  [1039, 'TTS_UNAVAILABLE'],
  [1004, 'TTS_FAILED'],
  [1008, 'TTS_FAILED'],
  [2013, 'TTS_FAILED'],
])('code %i is %s, whether it comes as an event, as JSON or as JSON of another name', async (number, code) => {
  const json = JSON.stringify(failure(number))
  const ways = [
    answers(event(failure(number))),
    (response: ServerResponse) => response.writeHead(200, { 'content-type': 'application/json' }).end(json),
    answers(json),
  ]
  for (const way of ways) {
    const { fail } = await requestedVoice(config, way)
    const error = await fail('Hello.')
    expect(error).toMatchObject({ code, message: expect.stringContaining(`code ${number}`) })
    expect(error.message).not.toMatch(/Hello|secret-key/)
  }
})

test('a failure after audio is not to be repeated', async () => {
  const { promise: heard, resolve: sawAudio } = Promise.withResolvers<void>()
  const { speak } = await requestedVoice(config, (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(piece(1, 1))
    void heard.then(() => response.end(event(failure(1002))))
  })
  const chunks = speak('Hello.')[Symbol.asyncIterator]()
  await chunks.next()
  sawAudio()
  await expect(chunks.next()).rejects.toMatchObject({ code: 'TTS_UNAVAILABLE', retryable: false })
})

test.each([
  ['no JSON', 'data: {"data":\n\n'],
  ['no hex', event({ data: { audio: 'xyz1', status: 1 } })],
  ['an endless event', `data: {"data":"${'0'.repeat(4_100_000)}`],
])('an event that is %s is a failure', async (_name, text) => {
  const { fail } = await requestedVoice(config, answers(text))
  expect(await fail('Hello.')).toMatchObject({ code: 'TTS_FAILED' })
})
