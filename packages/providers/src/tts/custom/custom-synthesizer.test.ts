import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Secret, type SpeechChunk } from '@parley/core'
import { SeededRandom, VirtualClock } from '@parley/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { createCustomSynthesizer } from './custom-synthesizer.ts'

type Handler = (body: { Text: string; SampleRate: number }, response: ServerResponse, request: IncomingMessage) => void

async function serve(handler: Handler) {
  const requests: { headers: IncomingMessage['headers']; body: unknown; port: number | undefined }[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const piece of request) text += String(piece)
    const body = text === '' ? {} : JSON.parse(text)
    if (request.method !== 'OPTIONS') {
      requests.push({ headers: request.headers, body, port: request.socket.remotePort })
    }
    handler(body, response, request)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const clock = new VirtualClock()
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/tts`
  const voice = createCustomSynthesizer(
    { url, apiKey: new Secret('key'), headers: { 'x-task-id': 'call-1' } },
    { clock, random: new SeededRandom(1) },
  )
  return { server, clock, voice, requests }
}

async function* texts(...items: string[]) {
  yield* items
}

async function collect(chunks: AsyncIterable<SpeechChunk>) {
  const heard: { item: number; samples: number[] }[] = []
  for await (const { item, samples } of chunks) heard.push({ item, samples: [...samples] })
  return heard
}

const pcm = (...values: number[]) => Buffer.from(Int16Array.from(values).buffer)
const noAbort = () => new AbortController().signal
const l16 = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'audio/L16' })

test('each item becomes one authorised request and its audio carries the index of the item', async () => {
  const { voice, requests } = await serve((body, response) => l16(response).end(pcm(body.Text.length, 7)))
  const heard = await collect(voice.speak(texts('one', ' ', 'three'), noAbort()))
  expect(heard).toEqual([
    { item: 0, samples: [3, 7] },
    { item: 2, samples: [5, 7] },
  ])
  expect(requests[0]?.body).toEqual({ Text: 'one', Format: 'pcm', SampleRate: 8000, Channel: 1 })
  expect(requests[0]?.headers).toMatchObject({ authorization: 'Bearer key', 'x-task-id': 'call-1' })
  expect(requests[0]?.headers['x-request-id']).not.toBe(requests[1]?.headers['x-request-id'])
})

test('audio is passed on before the response has ended, even when a sample is cut in two', async () => {
  const { promise: release, resolve: letGo } = Promise.withResolvers<void>()
  const { voice } = await serve((_body, response) => {
    l16(response).write(pcm(1, 2, 3).subarray(0, 3))
    void release.then(() => response.end(pcm(1, 2, 3).subarray(3)))
  })
  const chunks = voice.speak(texts('hello'), noAbort())[Symbol.asyncIterator]()
  expect([...((await chunks.next()).value as SpeechChunk).samples]).toEqual([1])
  letGo()
  expect([...((await chunks.next()).value as SpeechChunk).samples]).toEqual([2, 3])
  expect((await chunks.next()).done).toBe(true)
})

test('only the next item is asked for ahead of time', async () => {
  const open: ServerResponse[] = []
  const { promise: both, resolve: bothCame } = Promise.withResolvers<void>()
  const { voice, requests } = await serve((_body, response) => {
    open.push(response)
    if (open.length === 2) bothCame()
    if (open.length === 3) l16(response).end(pcm(3))
  })
  const done = collect(voice.speak(texts('a', 'b', 'c'), noAbort()))
  await both
  expect(requests).toHaveLength(2)
  for (const [index, response] of [...open].entries()) l16(response).end(pcm(index + 1))
  expect((await done).map(({ samples }) => samples)).toEqual([[1], [2], [3]])
})

test('prewarm opens the connection that the first request uses', async () => {
  const ports: (number | undefined)[] = []
  const { voice } = await serve((_body, response, request) => {
    ports.push(request.socket.remotePort)
    if (request.method === 'OPTIONS') response.writeHead(405).end()
    else l16(response).end(pcm(1))
  })
  await voice.prewarm?.()
  await collect(voice.speak(texts('a'), noAbort()))
  expect(ports).toHaveLength(2)
  expect(ports[1]).toBe(ports[0])
})

test('prewarming again leaves nothing on the connection that is kept', async () => {
  const { voice } = await serve((_body, response) => response.writeHead(405).end())
  const warned: Error[] = []
  const onWarning = (warning: Error) => void warned.push(warning)
  process.on('warning', onWarning)
  onTestFinished(() => void process.off('warning', onWarning))
  // Node warns of the eleventh listener.
  for (let i = 0; i < 12; i += 1) await voice.prewarm?.()
  await nextTurn()
  expect(warned).toEqual([])
})

test('aborting closes the request at the service and ends with the reason', async () => {
  const { promise: closed, resolve: sawClose } = Promise.withResolvers<void>()
  const { voice } = await serve((_body, response) => {
    l16(response).write(pcm(1, 2))
    response.on('close', () => sawClose())
  })
  const controller = new AbortController()
  const chunks = voice.speak(texts('long'), controller.signal)[Symbol.asyncIterator]()
  await chunks.next()
  const reason = new Error('user spoke')
  controller.abort(reason)
  await expect(chunks.next()).rejects.toBe(reason)
  await closed
})

test('an answer that is whole and no audio ends nothing but its own text', async () => {
  const { voice } = await serve((_body, response) => {
    response.writeHead(200, { 'content-type': 'audio/wav' }).end(Buffer.alloc(20_000, 'no wave at all '))
  })
  const thrown: unknown[] = []
  const onThrown = (error: unknown) => void thrown.push(error)
  process.on('uncaughtException', onThrown)
  onTestFinished(() => void process.off('uncaughtException', onThrown))
  for (let i = 0; i < 5; i += 1) {
    await expect(collect(voice.speak(texts('a'), noAbort()))).rejects.toMatchObject({ code: 'TTS_FAILED' })
    for (let turn = 0; turn < 5; turn += 1) await nextTurn()
  }
  expect(thrown).toEqual([])
})

test('leaving the loop closes the request at the service', async () => {
  const { promise: closed, resolve: sawClose } = Promise.withResolvers<void>()
  const { voice } = await serve((_body, response) => {
    l16(response).write(pcm(1, 2))
    response.on('close', () => sawClose())
  })
  for await (const _chunk of voice.speak(texts('long', 'longer'), noAbort())) break
  await closed
})

const error = (code: string) => JSON.stringify({ error: { code, message: 'the text was: secret' } })

test.each([
  { status: 429, body: error('busy'), code: 'TTS_UNAVAILABLE', retryable: true },
  { status: 503, body: 'not json', code: 'TTS_UNAVAILABLE', retryable: true },
  { status: 401, body: error('auth'), code: 'TTS_FAILED', retryable: false },
  { status: 200, body: error('InvalidText'), code: 'TTS_FAILED', retryable: false },
])('status $status with $body is $code', async ({ status, body, code, retryable }) => {
  const { voice } = await serve((_body, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(body)
  })
  const failure = await collect(voice.speak(texts('a'), noAbort())).catch((thrown) => thrown)
  expect(failure).toMatchObject({ code, retryable })
  expect(failure.message).not.toContain('secret')
})

test('a body cut in the middle fails, and is not to be repeated once something was heard', async () => {
  const { voice } = await serve((_body, response) => {
    l16(response).write(pcm(1, 2), () => response.socket?.destroy())
  })
  const chunks = voice.speak(texts('a'), noAbort())[Symbol.asyncIterator]()
  await chunks.next()
  await expect(chunks.next()).rejects.toMatchObject({ code: 'TTS_UNAVAILABLE', retryable: false })
})

test('a service that accepts the request and says nothing times out by the clock', async () => {
  const { promise: arrived, resolve: sawRequest } = Promise.withResolvers<void>()
  const { voice, clock } = await serve(() => sawRequest())
  const failure = collect(voice.speak(texts('a'), noAbort())).catch((thrown) => thrown)
  await arrived
  await clock.advance(5_000)
  expect(await failure).toMatchObject({ code: 'TTS_TIMEOUT' })
})

test('a connection refused is reported as unavailable', async () => {
  const { voice, server } = await serve(() => {})
  server.close()
  await once(server, 'close')
  await expect(collect(voice.speak(texts('a'), noAbort()))).rejects.toMatchObject({ code: 'TTS_UNAVAILABLE' })
})

test('a kept connection that the service closed meanwhile costs nothing but a new one', async () => {
  let answered = 0
  const { voice, requests } = await serve((_body, response) => {
    answered += 1
    // The second request finds its connection gone, as when an idle timer fires at the same moment.
    if (answered === 2) response.socket?.resetAndDestroy()
    else l16(response).end(pcm(answered))
  })
  expect(await collect(voice.speak(texts('a'), noAbort()))).toEqual([{ item: 0, samples: [1] }])
  expect(await collect(voice.speak(texts('b'), noAbort()))).toEqual([{ item: 0, samples: [3] }])
  expect(requests[1]?.headers['x-request-id']).toBe(requests[2]?.headers['x-request-id'])
})

test('audio of an unexpected kind is a failure that names it', async () => {
  const { voice } = await serve((_body, response) => {
    response.writeHead(200, { 'content-type': 'audio/mpeg' }).end('xx')
  })
  await expect(collect(voice.speak(texts('a'), noAbort()))).rejects.toMatchObject({
    code: 'TTS_FAILED',
    message: expect.stringContaining('audio/mpeg'),
  })
})
