import { once } from 'node:events'
import type { Socket } from 'node:net'
import { type SpeechChunk, VoiceError } from '@parley/core'
import { settle, VirtualClock } from '@parley/testkit'
import { expect, onTestFinished, test } from 'vitest'
import type { WebSocket } from 'ws'
import {
  collect,
  failureOf,
  noAbort,
  pcm,
  type SocketServiceOptions,
  startSocketService,
  texts,
} from '../../../test/socket-service.ts'
import { createSocketSynthesizer, type SocketDialect } from './socket-synthesizer.ts'
import { SpareLines } from './spare-lines.ts'

/** Bytes are audio, `end` is the end, `fail` a failure; the words come in the path. */
const dialectAt = (url: URL): SocketDialect => ({
  name: 'plain',
  url,
  requestFor: (words) => ({ url: new URL(`${url.href}/${encodeURIComponent(words)}`), message: Buffer.from(words) }),
  read: (frame) => {
    if (frame === 'fail') throw new VoiceError('TTS_UNAVAILABLE', { detail: 'code 1' })
    return typeof frame === 'string' ? { isLast: frame === 'end' } : { audio: frame }
  },
})

async function setUp(serve: (socket: WebSocket, words: string) => void, options?: SocketServiceOptions) {
  const service = await startSocketService((socket, request) => {
    serve(socket, decodeURIComponent(request.url?.split('/').at(-1) ?? ''))
  }, options)
  const clock = new VirtualClock()
  const lines = new SpareLines(clock)
  onTestFinished(() => lines[Symbol.dispose]())
  const voice = createSocketSynthesizer(dialectAt(service.url), { clock, lines, patienceMs: 2_500 })
  return { ...service, clock, voice }
}

test('each item is asked for on a connection of its own and its audio carries its index', async () => {
  const said: string[] = []
  const { voice, requests } = await setUp((socket, words) => {
    socket.on('message', (message) => {
      said.push(String(message))
      socket.send(pcm(words.length, 900))
      socket.send('end')
    })
  })
  expect(await collect(voice.speak(texts('one', ' ', '...', 'three'), noAbort()))).toEqual([
    { item: 0, samples: [3, 900] },
    { item: 3, samples: [5, 900] },
  ])
  expect(requests).toHaveLength(2)
  expect(said).toEqual(['one', 'three'])
})

test('audio is passed on before the answer is over, even when a sample is cut in two', async () => {
  const { promise: release, resolve: letGo } = Promise.withResolvers<void>()
  const { voice } = await setUp((socket) => {
    socket.send(pcm(100, 200, 300).subarray(0, 3))
    void release.then(() => {
      socket.send(pcm(100, 200, 300).subarray(3, 4))
      socket.send(pcm(300))
      socket.send('end')
    })
  })
  const chunks = voice.speak(texts('hello'), noAbort())[Symbol.asyncIterator]()
  expect([...((await chunks.next()).value as SpeechChunk).samples]).toEqual([100])
  letGo()
  expect([...((await chunks.next()).value as SpeechChunk).samples]).toEqual([200])
  expect([...((await chunks.next()).value as SpeechChunk).samples]).toEqual([300])
  expect((await chunks.next()).done).toBe(true)
})

test('only the next item is asked for ahead of time', async () => {
  const open: WebSocket[] = []
  const { promise: both, resolve: bothCame } = Promise.withResolvers<void>()
  const answer = (socket: WebSocket, value: number) => {
    socket.send(pcm(value))
    socket.send('end')
  }
  const { voice, requests } = await setUp((socket) => {
    open.push(socket)
    if (open.length === 2) bothCame()
    if (open.length === 3) answer(socket, 300)
  })
  const heard = collect(voice.speak(texts('a', 'b', 'c'), noAbort()))
  await both
  await settle()
  expect(requests).toHaveLength(2)
  for (const [index, socket] of [...open].entries()) answer(socket, 100 * (index + 1))
  expect((await heard).map(({ samples }) => samples)).toEqual([[100], [200], [300]])
})

test('a whole answer ends with a close frame, one that was left with a dropped connection', async () => {
  const codes: Promise<unknown[]>[] = []
  const { voice } = await setUp((socket, words) => {
    codes.push(once(socket, 'close'))
    socket.send(pcm(500))
    if (words === 'short') socket.send('end')
  })
  await collect(voice.speak(texts('short'), noAbort()))
  for await (const _chunk of voice.speak(texts('long'), noAbort())) break
  expect((await codes[0])?.[0]).toBe(1_000)
  expect((await codes[1])?.[0]).toBe(1_006)
})

test('aborting drops the connections of all items and ends with the reason', async () => {
  const { promise: both, resolve: bothCame } = Promise.withResolvers<void>()
  const closed: Promise<unknown>[] = []
  const { voice } = await setUp((socket) => {
    if (closed.push(once(socket, 'close')) === 2) bothCame()
    socket.send(pcm(500))
  })
  const controller = new AbortController()
  const chunks = voice.speak(texts('long', 'longer'), controller.signal)[Symbol.asyncIterator]()
  await chunks.next()
  await both
  const reason = new Error('user spoke')
  const next = failureOf(chunks.next())
  controller.abort(reason)
  expect(await next).toBe(reason)
  await Promise.all(closed)
})

test('aborting while the connection is made ends with the reason', async () => {
  const controller = new AbortController()
  const reason = new Error('user spoke')
  const { voice } = await setUp(() => {}, {
    refuseWith: () => {
      controller.abort(reason)
      return 503
    },
  })
  expect(await failureOf(collect(voice.speak(texts('a'), controller.signal)))).toBe(reason)
})

test.each([
  { status: 401, code: 'TTS_FAILED', retryable: false },
  { status: 302, code: 'TTS_FAILED', retryable: false },
  { status: 429, code: 'TTS_UNAVAILABLE', retryable: true },
  { status: 502, code: 'TTS_UNAVAILABLE', retryable: true },
])('an upgrade refused with $status is $code', async ({ status, code, retryable }) => {
  const { voice } = await setUp(() => {}, { refuseWith: () => status })
  const failure = await failureOf(collect(voice.speak(texts('secret words'), noAbort())))
  expect(failure).toMatchObject({ code, retryable, message: expect.stringContaining(`status ${status}`) })
  expect(failure.message).not.toContain('secret')
})

test('a connection refused is reported as unavailable', async () => {
  const { voice, http } = await setUp(() => {})
  http.close()
  await once(http, 'close')
  expect(await failureOf(collect(voice.speak(texts('a'), noAbort())))).toMatchObject({ code: 'TTS_UNAVAILABLE' })
})

test('a service that does not take the connection times out by the clock', async () => {
  const { voice, clock, http } = await setUp(() => {})
  http.removeAllListeners('upgrade')
  const arrived = once(http, 'upgrade')
  const failure = failureOf(collect(voice.speak(texts('a'), noAbort())))
  const [, connection] = await arrived
  const ended = once(connection.resume(), 'end')
  await clock.advance(2_500)
  expect(await failure).toMatchObject({ code: 'TTS_TIMEOUT' })
  await ended
})

test('a service that says nothing times out by the clock', async () => {
  const { promise: arrived, resolve: sawRequest } = Promise.withResolvers<void>()
  const { voice, clock } = await setUp(() => sawRequest())
  const failure = failureOf(collect(voice.speak(texts('a'), noAbort())))
  await arrived
  await clock.advance(2_499)
  expect(clock.pendingTimers).toBe(1)
  await clock.advance(1)
  expect(await failure).toMatchObject({ code: 'TTS_TIMEOUT' })
})

test('signs of life without audio do not lengthen the wait', async () => {
  const { promise: connected, resolve: connect } = Promise.withResolvers<WebSocket>()
  const { voice, clock } = await setUp((socket) => connect(socket))
  const failure = failureOf(collect(voice.speak(texts('a'), noAbort())))
  const socket = await connected
  for (let beat = 0; beat < 5; beat += 1) {
    socket.send('heartbeat')
    socket.ping()
    await once(socket, 'pong')
    await clock.advance(500)
  }
  expect(await failure).toMatchObject({ code: 'TTS_TIMEOUT' })
})

test('every piece of audio has its own time, and a reader who is slow is not taken for a slow service', async () => {
  const { promise: connected, resolve: connect } = Promise.withResolvers<WebSocket>()
  const { voice, clock } = await setUp((socket) => connect(socket))
  const chunks = voice.speak(texts('a'), noAbort())[Symbol.asyncIterator]()
  const first = chunks.next()
  const socket = await connected
  await clock.advance(2_000)
  socket.send(pcm(100))
  await first
  await clock.advance(60_000)
  const second = chunks.next()
  await clock.advance(2_000)
  socket.send(pcm(200))
  expect([...((await second).value as SpeechChunk).samples]).toEqual([200])
  const third = failureOf(chunks.next())
  await clock.advance(2_500)
  expect(await third).toMatchObject({ code: 'TTS_TIMEOUT', retryable: false })
})

test('a connection cut in the middle fails, and is not to be repeated once something was heard', async () => {
  const { voice } = await setUp((socket) => socket.send(pcm(500), () => socket.terminate()))
  const chunks = voice.speak(texts('a'), noAbort())[Symbol.asyncIterator]()
  await chunks.next()
  expect(await failureOf(chunks.next())).toMatchObject({ code: 'TTS_UNAVAILABLE', retryable: false })
})

test('a service that closes in due form before the end has failed all the same', async () => {
  const { voice } = await setUp((socket) => socket.close(1_000))
  expect(await failureOf(collect(voice.speak(texts('a'), noAbort())))).toMatchObject({ code: 'TTS_UNAVAILABLE' })
})

test('a failure that the service tells ends the item and drops the connection', async () => {
  const closed = Promise.withResolvers<void>()
  const { voice } = await setUp((socket) => {
    socket.on('close', () => closed.resolve())
    socket.send('fail')
  })
  expect(await failureOf(collect(voice.speak(texts('a'), noAbort())))).toMatchObject({ code: 'TTS_UNAVAILABLE' })
  await closed.promise
})

test('what breaks the rules of WebSocket, or is larger than any audio, is a failure', async () => {
  const { voice } = await setUp((socket) => socket.send(Buffer.alloc(2_000_000, 1)))
  expect(await failureOf(collect(voice.speak(texts('a'), noAbort())))).toMatchObject({ code: 'TTS_UNAVAILABLE' })
})

test('an item of nothing but silence gives no audio; silence before speech is kept', async () => {
  const { voice } = await setUp((socket, words) => {
    socket.send(pcm(0, 1, -1))
    if (words === 'speech') socket.send(pcm(0, 900))
    socket.send(pcm(0))
    socket.send('end')
  })
  expect(await collect(voice.speak(texts('silence', 'speech'), noAbort()))).toEqual([
    { item: 1, samples: [0, 1, -1, 0, 900] },
    { item: 1, samples: [0] },
  ])
})

test('a file in place of raw audio is a failure, not noise', async () => {
  const { voice } = await setUp((socket) => socket.send(Buffer.from('ID3\u0004 as MP3 begins')))
  expect(await failureOf(collect(voice.speak(texts('a'), noAbort())))).toMatchObject({ code: 'TTS_FAILED' })
})

test('silence that does not end is a failure', async () => {
  const { voice } = await setUp((socket) => {
    for (let i = 0; i < 101; i += 1) socket.send(Buffer.alloc(320))
  })
  expect(await failureOf(collect(voice.speak(texts('a'), noAbort())))).toMatchObject({ code: 'TTS_FAILED' })
})

test('a reader who is slow slows the service down and loses nothing', async () => {
  const count = 2_000
  const { voice } = await setUp((socket) => {
    for (let i = 1; i <= count; i += 1) socket.send(Buffer.alloc(3_200, i % 2 === 0 ? 2 : 3))
    socket.send('end')
  })
  let samples = 0
  for await (const chunk of voice.speak(texts('a'), noAbort())) {
    samples += chunk.samples.length
    await settle()
  }
  expect(samples).toBe(count * 1_600)
})

test('the connection that prewarm made is the one of the first item', async () => {
  const ports: (number | undefined)[] = []
  const { voice, http, requests } = await setUp((socket) => {
    socket.send(pcm(500))
    socket.send('end')
  })
  http.on('connection', (connection) => ports.push(connection.remotePort))
  await voice.prewarm?.()
  await settle()
  expect(ports).toHaveLength(1)
  await collect(voice.speak(texts('a'), noAbort()))
  expect(requests[0]?.socket.remotePort).toBe(ports[0])
})

test('after an item the connection of the next one is made', async () => {
  const { voice, http, requests } = await setUp((socket) => {
    socket.send(pcm(500))
    socket.send('end')
  })
  const connections: Socket[] = []
  http.on('connection', (connection) => connections.push(connection))
  await collect(voice.speak(texts('a'), noAbort()))
  while (connections.length < 2) await settle()
  await collect(voice.speak(texts('b'), noAbort()))
  expect(requests[1]?.socket).toBe(connections[1])
})

test('a connection that breaks after it had waited costs nothing but a new one', async () => {
  const { voice, http } = await setUp((socket) => {
    socket.send(pcm(500))
    socket.send('end')
  })
  let upgrades = 0
  http.prependListener('upgrade', ({ socket }) => {
    upgrades += 1
    if (upgrades === 1) socket.resetAndDestroy()
  })
  await voice.prewarm?.()
  expect(await collect(voice.speak(texts('a'), noAbort()))).toEqual([{ item: 0, samples: [500] }])
  expect(upgrades).toBe(2)
})

test('a connection that breaks when it is new is not tried again', async () => {
  let upgrades = 0
  const { voice, http } = await setUp(() => {})
  http.prependListener('upgrade', ({ socket }) => {
    upgrades += 1
    socket.resetAndDestroy()
  })
  expect(await failureOf(collect(voice.speak(texts('a'), noAbort())))).toMatchObject({ code: 'TTS_UNAVAILABLE' })
  expect(upgrades).toBe(1)
})
