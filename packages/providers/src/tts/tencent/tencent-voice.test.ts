import { webcrypto } from 'node:crypto'
import { VirtualClock } from '@parley/testkit'
import { expect, test } from 'vitest'
import type { WebSocket } from 'ws'
import {
  collect,
  failureOf,
  noAbort,
  pcm,
  requestedAt,
  saidWithBuiltIn,
  startSocketService,
  texts,
} from '../../../test/socket-service.ts'

const secretKey = 'the-secret-key'
const nowSeconds = 1_700_000_000

/** The service's side of the signature, from its documentation and with another implementation of HMAC. */
async function isSigned(rawUrl: string): Promise<boolean> {
  const fields = rawUrl.slice(rawUrl.indexOf('?') + 1).split('&')
  const plain = fields.map((field) => decodeURIComponent(field)).filter((field) => !field.startsWith('Signature='))
  const given = fields.map((field) => decodeURIComponent(field)).find((field) => field.startsWith('Signature='))
  const text = new TextEncoder().encode(`GETtts.cloud.tencent.com/stream_ws?${plain.sort().join('&')}`)
  const algorithm = { name: 'HMAC', hash: 'SHA-1' }
  const key = await webcrypto.subtle.importKey('raw', new TextEncoder().encode(secretKey), algorithm, false, ['sign'])
  return given === `Signature=${Buffer.from(await webcrypto.subtle.sign('HMAC', key, text)).toString('base64')}`
}

type Answer = (socket: WebSocket, query: URLSearchParams) => void

async function setUp(answer: Answer, config: object = {}) {
  const service = await startSocketService(async (socket, request) => {
    const url = request.url ?? ''
    const query = new URL(url, 'ws://service').searchParams
    const say = (fields: object) =>
      socket.send(
        JSON.stringify({ code: 0, message: 'success', session_id: query.get('SessionId'), request_id: 'r', ...fields }),
      )
    if (!(await isSigned(url))) return say({ code: 10_003, message: `authentication failed: ${query.get('Text')}` })
    say({ message_id: 'm-1' })
    answer(socket, query)
  })
  const clock = new VirtualClock(0, nowSeconds * 1_000)
  const members = {
    TTSType: 'tencent',
    AppId: '1250000000',
    SecretId: 'the-secret-id',
    SecretKey: secretKey,
    VoiceType: 101_001,
  }
  const voice = requestedAt(service.url, { ...members, ...config }, clock)
  return { ...service, clock, voice }
}

const json = (fields: object) => JSON.stringify(fields)

test('a text is asked for with a signature that the service accepts, and its audio is heard', async () => {
  const queries: URLSearchParams[] = []
  const { voice } = await setUp((socket, query) => {
    queries.push(query)
    socket.send(pcm(300, -300, 500).subarray(0, 5))
    socket.send(json({ code: 0, result: { subtitles: [{ Text: 'a', BeginTime: 0, EndTime: 90 }] } }))
    socket.send(pcm(500).subarray(1))
    socket.send(json({ code: 0, message: 'success', final: 1 }))
  })
  const words = '您好，100% & "a+b"? It’s (fine)!'
  expect(await collect(voice.speak(texts(words, 'Bye.'), noAbort()))).toEqual([
    { item: 0, samples: [300, -300] },
    { item: 0, samples: [500] },
    { item: 1, samples: [300, -300] },
    { item: 1, samples: [500] },
  ])
  expect(Object.fromEntries(queries[0] ?? [])).toEqual({
    Action: 'TextToStreamAudioWS',
    AppId: '1250000000',
    SecretId: 'the-secret-id',
    VoiceType: '101001',
    Codec: 'pcm',
    SampleRate: '8000',
    SessionId: expect.stringMatching(/^[\da-f-]{36}$/),
    Text: words,
    Timestamp: String(nowSeconds),
    Expired: String(nowSeconds + 3_600),
    Signature: expect.any(String),
  })
  expect(queries[1]?.get('SessionId')).not.toBe(queries[0]?.get('SessionId'))
})

test('what the call says of the voice is passed on', async () => {
  const asked = Promise.withResolvers<URLSearchParams>()
  const { voice } = await setUp(
    (socket, query) => {
      asked.resolve(query)
      socket.send(json({ code: 0, final: 1 }))
    },
    { VoiceType: 200_000_000, FastVoiceType: 'WCHN-1/2', Speed: -1.25, Volume: 0, PrimaryLanguage: 2 },
  )
  await collect(voice.speak(texts('Hello.'), noAbort()))
  expect(Object.fromEntries(await asked.promise)).toMatchObject({
    VoiceType: '200000000',
    FastVoiceType: 'WCHN-1/2',
    Speed: '-1.25',
    Volume: '0',
    PrimaryLanguage: '2',
  })
})

test('a wrong key is refused, and neither words nor keys are in the error', async () => {
  const { voice } = await setUp(() => {}, { SecretKey: 'another-key' })
  const failure = await failureOf(collect(voice.speak(texts('private words'), noAbort())))
  expect(failure).toMatchObject({ code: 'TTS_FAILED', retryable: false, message: expect.stringContaining('10003') })
  for (const secret of ['private', 'another-key', 'the-secret-id']) expect(failure.message).not.toContain(secret)
})

test.each([
  { name: 'wrong parameters, such as a voice that does not exist', code: 10_001, as: 'TTS_FAILED', retryable: false },
  { name: 'too many requests at once', code: 10_002, as: 'TTS_UNAVAILABLE', retryable: true },
  { name: 'a text that is too long', code: 10_007, as: 'TTS_FAILED', retryable: false },
])('$name ($code) is $as', async ({ code, as, retryable }) => {
  const { voice } = await setUp((socket) => socket.send(json({ code, message: 'of private words' })))
  const failure = await failureOf(collect(voice.speak(texts('a'), noAbort())))
  expect(failure).toMatchObject({ code: as, retryable, message: expect.stringContaining(String(code)) })
  expect(failure.message).not.toContain('private')
})

test.each(['{"code":', 'null', '<html>'])('a message that is no JSON object (%s) is a failure', async (message) => {
  const { voice } = await setUp((socket) => socket.send(message))
  expect(await failureOf(collect(voice.speak(texts('a'), noAbort())))).toMatchObject({ code: 'TTS_FAILED' })
})

test('a failure after part of the audio is not to be repeated', async () => {
  const { voice } = await setUp((socket) => {
    socket.send(pcm(700))
    socket.send(json({ code: 10_002 }))
  })
  const failure = failureOf(collect(voice.speak(texts('a'), noAbort())))
  expect(await failure).toMatchObject({ code: 'TTS_UNAVAILABLE', retryable: false })
})

const failing: readonly [string, Answer][] = [
  ['a failure', (socket) => socket.send(json({ code: 10_001, message: 'VoiceType' }))],
  ['an end without audio', (socket) => socket.send(json({ code: 0, final: 1 }))],
  ['a cut connection', (socket) => socket.terminate()],
  [
    'silence',
    (socket) => {
      socket.send(Buffer.alloc(8_000))
      socket.send(json({ code: 0, final: 1 }))
    },
  ],
]

test.each(failing)('%s ends with the built-in voice', async (_name, answer) => {
  const { voice, clock } = await setUp(answer)
  expect(await saidWithBuiltIn(voice, clock)).toEqual({ failures: 1, isSound: true })
})
