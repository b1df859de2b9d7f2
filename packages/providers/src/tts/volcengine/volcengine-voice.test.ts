import { gunzipSync, gzipSync } from 'node:zlib'
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

interface Asked {
  readonly app: Readonly<Record<string, unknown>>
  readonly audio: Readonly<Record<string, unknown>>
  readonly request: Readonly<Record<string, string>>
}

/** Bytes of a message whose numbers are big-endian words of 32 bits. */
function message(header: readonly number[], words: readonly number[], payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const numbers = Buffer.alloc(4 * words.length)
  for (const [index, word] of words.entries()) numbers.writeInt32BE(word, 4 * index)
  return Buffer.concat([Buffer.from(header), numbers, payload])
}

const audio = (sequence: number, payload: Buffer) =>
  message([0x11, sequence < 0 ? 0xb3 : 0xb1, 0x00, 0x00], [sequence, payload.length], payload)
const acknowledgement = message([0x11, 0xb0, 0x00, 0x00], [])
const error = (code: number, text: string) => {
  const packed = gzipSync(text)
  return message([0x11, 0xf0, 0x11, 0x00], [code, packed.length], packed)
}

/** What a request says, read as the documentation has it. */
function askedIn(data: Buffer): Asked {
  expect([...data.subarray(0, 4)]).toEqual([0x11, 0x10, 0x11, 0x00])
  expect(data.readUInt32BE(4)).toBe(data.length - 8)
  return JSON.parse(gunzipSync(data.subarray(8)).toString())
}

type Answer = (socket: WebSocket, asked: Asked) => void

async function setUp(answer: Answer, config: object = {}) {
  const service = await startSocketService(
    (socket) => socket.on('message', (data: Buffer) => answer(socket, askedIn(data))),
    { refuseWith: ({ headers }) => (headers.authorization === 'Bearer;the-token' ? undefined : 401) },
  )
  const clock = new VirtualClock()
  const members = { TTSType: 'volcengine', AppId: '12345', Token: 'the-token' }
  const voice = requestedAt(service.url, { ...members, ...config }, clock)
  return { ...service, clock, voice }
}

test('a text is asked for in one packed message, and its audio is heard piece by piece', async () => {
  const asked: Asked[] = []
  const { voice } = await setUp((socket, request) => {
    asked.push(request)
    socket.send(acknowledgement)
    socket.send(audio(1, pcm(300, -300).subarray(0, 3)))
    socket.send(message([0x11, 0xc0, 0x11, 0x00], [2], Buffer.from('{}')))
    socket.send(audio(2, pcm(-300, 500).subarray(1, 4)))
    socket.send(audio(-3, pcm(700)))
  })
  expect(await collect(voice.speak(texts('您好。', 'Bye.'), noAbort()))).toEqual([
    { item: 0, samples: [300] },
    { item: 0, samples: [-300, 500] },
    { item: 0, samples: [700] },
    { item: 1, samples: [300] },
    { item: 1, samples: [-300, 500] },
    { item: 1, samples: [700] },
  ])
  expect(asked[0]).toMatchObject({
    app: { appid: '12345', token: 'the-token', cluster: 'volcano_tts' },
    user: { uid: expect.any(String) },
    audio: { voice_type: 'zh_male_aojiaobazong_moon_bigtts', encoding: 'pcm', rate: 8_000 },
    request: { reqid: expect.any(String), text: '您好。', operation: 'submit' },
  })
  expect(Object.keys(asked[0]?.audio ?? {})).toEqual(['voice_type', 'encoding', 'rate'])
  expect(asked[1]?.request.reqid).not.toBe(asked[0]?.request.reqid)
})

test('what the call says of the voice is passed on', async () => {
  const asked = Promise.withResolvers<Asked>()
  const { voice } = await setUp(
    (socket, request) => {
      asked.resolve(request)
      socket.send(audio(-1, pcm(500)))
    },
    { Cluster: 'volcano_icl', VoiceType: 'S_1', Speed: 1.2, Volume: 0.5 },
  )
  await collect(voice.speak(texts('Hello.'), noAbort()))
  expect(await asked.promise).toMatchObject({
    app: { cluster: 'volcano_icl' },
    audio: { voice_type: 'S_1', speed_ratio: 1.2, volume_ratio: 0.5, loudness_ratio: 0.5 },
  })
})

test('a longer header is passed over, and audio that is packed is unpacked', async () => {
  const { voice } = await setUp((socket) => {
    const packed = gzipSync(pcm(300, 500))
    socket.send(message([0x12, 0xb1, 0x01, 0x00, 9, 9, 9, 9], [1, packed.length], packed))
    // Marked as packed, though it is not.
    socket.send(message([0x11, 0xb3, 0x01, 0x00], [-2, 2], pcm(700)))
  })
  expect(await collect(voice.speak(texts('a'), noAbort()))).toEqual([
    { item: 0, samples: [300, 500] },
    { item: 0, samples: [700] },
  ])
})

test('a wrong token is refused, and neither words nor token are in the error', async () => {
  const { voice } = await setUp(() => {}, { Token: 'another-token' })
  const failure = await failureOf(collect(voice.speak(texts('private words'), noAbort())))
  expect(failure).toMatchObject({ code: 'TTS_FAILED', retryable: false, message: expect.stringContaining('401') })
  for (const secret of ['private', 'another-token']) expect(failure.message).not.toContain(secret)
})

test.each([
  { name: 'a request that is not valid', code: 3_001, as: 'TTS_FAILED', retryable: false },
  { name: 'too many requests at once', code: 3_003, as: 'TTS_UNAVAILABLE', retryable: true },
  { name: 'a busy back end', code: 3_005, as: 'TTS_UNAVAILABLE', retryable: true },
  { name: 'a text that is too long', code: 3_010, as: 'TTS_FAILED', retryable: false },
  { name: 'a back end that failed', code: 3_031, as: 'TTS_UNAVAILABLE', retryable: true },
  { name: 'a voice that does not exist', code: 3_050, as: 'TTS_FAILED', retryable: false },
])('$name ($code) is $as', async ({ code, as, retryable }) => {
  const { voice } = await setUp((socket) => socket.send(error(code, 'of private words')))
  const failure = await failureOf(collect(voice.speak(texts('a'), noAbort())))
  expect(failure).toMatchObject({ code: as, retryable, message: expect.stringContaining(String(code)) })
  expect(failure.message).not.toContain('private')
})

test.each([
  { name: 'text', frame: 'hello' },
  { name: 'no header', frame: Buffer.from([0x11]) },
  { name: 'a kind that does not exist', frame: message([0x11, 0x90, 0x00, 0x00], [1, 1]) },
  { name: 'audio that is shorter than it says', frame: message([0x11, 0xb1, 0x00, 0x00], [1, 100], pcm(1)) },
  { name: 'audio without a size', frame: message([0x11, 0xb1, 0x00, 0x00], [1]) },
  { name: 'an error without a code', frame: message([0x11, 0xf0, 0x00, 0x00], []) },
  { name: 'broken packing', frame: message([0x11, 0xb1, 0x01, 0x00], [1, 3], Buffer.from([0x1f, 0x8b, 0])) },
])('$name in place of the protocol is a failure', async ({ frame }) => {
  const { voice } = await setUp((socket) => socket.send(frame))
  expect(await failureOf(collect(voice.speak(texts('a'), noAbort())))).toMatchObject({ code: 'TTS_FAILED' })
})

const failing: readonly [string, Answer][] = [
  ['a wrong voice that is told', (socket) => socket.send(error(3_050, 'no such voice'))],
  ['a wrong voice that gives no audio', (socket) => socket.send(audio(-1, Buffer.alloc(0)))],
  ['a wrong voice that gives silence', (socket) => socket.send(audio(-1, Buffer.alloc(16_000)))],
  [
    'a connection cut in the middle',
    (socket) => {
      socket.send(audio(1, pcm(500)))
      socket.terminate()
    },
  ],
]

test.each(failing)('%s ends with the built-in voice', async (_name, answer) => {
  const { voice, clock } = await setUp(answer)
  expect(await saidWithBuiltIn(voice, clock)).toEqual({ failures: 1, isSound: true })
})
