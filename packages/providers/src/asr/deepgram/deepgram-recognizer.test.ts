import { Channel, type RecognizerInput, Secret } from '@parley/core'
import { settle, startLiveServer, VirtualClock } from '@parley/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { startLiveCall } from '../../../test/live-call.ts'
import { createDeepgramRecognizer } from './deepgram-recognizer.ts'

const spec = { languages: ['en'], hints: [] }

const setUp = (refuseWith?: () => number | undefined) =>
  startLiveCall(
    (url, clock) => createDeepgramRecognizer({ url, apiKey: new Secret('key'), finalWithinMs: 500 }, { clock }),
    spec,
    refuseWith,
  )

/** `words`: text and end in stream seconds; each word lasts 0.1 s. */
function results(
  words: readonly [string, number][],
  flags: { final?: boolean; finalize?: boolean; end?: number } = {},
) {
  const end = flags.end ?? words.at(-1)?.[1] ?? 0
  return {
    type: 'Results',
    start: 0,
    duration: end,
    is_final: flags.final === true || flags.finalize === true,
    speech_final: false,
    from_finalize: flags.finalize === true,
    channel: {
      alternatives: [
        {
          transcript: words.map(([word]) => word).join(' '),
          confidence: 0.9,
          words: words.map(([word, wordEnd]) => ({ word, start: wordEnd - 0.1, end: wordEnd, punctuated_word: word })),
        },
      ],
    },
  }
}

test('a stretch gives partials and, when it stops, the final that answers Finalize', async () => {
  const call = await setUp()
  const first = call.next()
  call.hear(5)
  call.start()
  call.hear(20)
  const peer = await call.server.peer(0)
  await peer.until(() => peer.audioBytes === 25 * 320)
  peer.send(results([['go', 0.3]]))
  expect(await first).toEqual({ kind: 'partial', text: 'go', fromMs: 1_200, toMs: 1_300, confidence: 0.9 })
  call.stop()
  await peer.until(() => peer.texts.includes('{"type":"Finalize"}'))
  peer.send(
    results(
      [
        ['go', 0.3],
        ['forward', 0.5],
      ],
      { finalize: true },
    ),
  )
  expect(await call.next()).toMatchObject({ kind: 'final', text: 'go forward', fromMs: 1_200, toMs: 1_500 })
})

test('the upgrade carries the token and asks for raw 8 kHz audio with interim results', async () => {
  const call = await setUp()
  void call.next().catch(() => {})
  const { request } = await call.server.peer(0)
  expect(request.headers.authorization).toBe('Token key')
  const query = new URL(request.url ?? '', 'http://x').searchParams
  expect(Object.fromEntries(query)).toMatchObject({
    encoding: 'linear16',
    sample_rate: '8000',
    interim_results: 'true',
    language: 'en',
  })
})

test('parts that were settled before the end of the stretch are in its final', async () => {
  const call = await setUp()
  const partial = call.next()
  call.start()
  call.hear(50)
  const peer = await call.server.peer(0)
  peer.send(results([['one', 0.3]], { final: true }))
  expect(await partial).toMatchObject({ kind: 'partial', text: 'one' })
  peer.send(results([['two', 0.6]]))
  expect(await call.next()).toMatchObject({ kind: 'partial', text: 'one two' })
  call.stop()
  peer.send(
    results(
      [
        ['two', 0.6],
        ['three', 0.8],
      ],
      { finalize: true },
    ),
  )
  expect(await call.next()).toMatchObject({ kind: 'final', text: 'one two three' })
})

test('a stretch without words gives an empty final', async () => {
  const call = await setUp()
  const final = call.next()
  call.start()
  call.hear(10)
  call.stop()
  const peer = await call.server.peer(0)
  await peer.until(() => peer.texts.length > 0)
  peer.send(results([], { finalize: true, end: 0.2 }))
  expect(await final).toMatchObject({ kind: 'final', text: '' })
})

test('a final that comes too late is replaced by the last partial and does not leak into the next stretch', async () => {
  const call = await setUp()
  const partial = call.next()
  call.start()
  call.hear(50)
  call.stop()
  const peer = await call.server.peer(0)
  await peer.until(() => peer.texts.length === 1)
  peer.send(results([['five', 0.9]]))
  await partial
  await call.clock.advance(500)
  expect(await call.next()).toMatchObject({ kind: 'final', text: 'five' })
  call.start()
  call.hear(50)
  call.stop()
  await peer.until(() => peer.texts.length === 2)
  peer.send(results([['five', 0.9]], { finalize: true }))
  peer.send(results([['six', 1.7]], { finalize: true }))
  expect(await call.next()).toMatchObject({ kind: 'final', text: 'six', toMs: 2_700 })
})

test('words said before the stretch began are not part of it, however often they are repeated', async () => {
  const call = await setUp()
  const partial = call.next()
  call.hear(1)
  const peer = await call.server.peer(0)
  await peer.until(() => peer.audioBytes === 320)
  call.hear(99)
  peer.send(results([['radio', 0.5]]))
  call.start()
  call.hear(20)
  await peer.until(() => peer.audioBytes === 120 * 320)
  peer.send(
    results([
      ['radio', 0.5],
      ['hello', 2.2],
    ]),
  )
  expect(await partial).toMatchObject({ kind: 'partial', text: 'hello' })
})

test('words that the recogniser had well before the voice was noticed are part of the stretch', async () => {
  const call = await setUp()
  const partial = call.next()
  call.hear(40)
  const peer = await call.server.peer(0)
  await peer.until(() => peer.audioBytes === 40 * 320)
  peer.send(results([['can', 0.2]]))
  call.start()
  expect(await partial).toMatchObject({ kind: 'partial', text: 'can' })
})

test('two stretches in quick succession each get their own final', async () => {
  const call = await setUp()
  const first = call.next()
  call.start()
  call.hear(20)
  call.stop()
  call.hear(5)
  call.start()
  call.hear(20)
  call.stop()
  const peer = await call.server.peer(0)
  await peer.until(() => peer.texts.length === 2)
  peer.send(results([['yes', 0.3]], { finalize: true }))
  peer.send(results([['no', 0.8]], { finalize: true }))
  expect(await first).toMatchObject({ kind: 'final', text: 'yes' })
  expect(await call.next()).toMatchObject({ kind: 'final', text: 'no' })
})

test('a connection that drops in the middle of a turn is replaced and given the audio since the last final', async () => {
  const call = await setUp()
  const first = call.next()
  call.start()
  call.hear(30)
  call.stop()
  const lost = await call.server.peer(0)
  await lost.until(() => lost.texts.length === 1)
  lost.send(results([['hello', 0.4]], { finalize: true }))
  expect(await first).toMatchObject({ kind: 'final', text: 'hello' })
  const second = call.next()
  call.start()
  call.hear(20)
  await lost.until(() => lost.audioBytes === 50 * 320)
  lost.drop()
  const peer = await call.server.peer(1)
  await peer.until(() => peer.audioBytes === 20 * 320)
  call.stop()
  await peer.until(() => peer.texts.length === 1)
  peer.send(results([['again', 0.3]], { finalize: true }))
  expect(await second).toMatchObject({ kind: 'final', text: 'again', toMs: 1_900 })
})

test('a second loss without a final between them ends the recognition', async () => {
  const call = await setUp()
  const failure = call.next().catch((error) => error)
  call.start()
  ;(await call.server.peer(0)).drop()
  ;(await call.server.peer(1)).drop()
  expect(await failure).toMatchObject({ code: 'ASR_UNAVAILABLE', retryable: true })
})

test.each([
  { status: 401, code: 'ASR_FAILED', retryable: false },
  { status: 503, code: 'ASR_UNAVAILABLE', retryable: true },
])('an upgrade refused with $status is $code', async ({ status, code, retryable }) => {
  const call = await setUp(() => status)
  await expect(call.next()).rejects.toMatchObject({ code, retryable })
})

test('garbage between the messages is passed over', async () => {
  const call = await setUp()
  const partial = call.next()
  call.start()
  const peer = await call.server.peer(0)
  for (const text of ['{"type":"Results"', '[]', '{"type":"Results","channel":{}}', 'null']) peer.sendRaw(text)
  peer.send({ type: 'Metadata', request_id: 'x' })
  call.hear(20)
  await peer.until(() => peer.audioBytes > 0)
  peer.send(results([['fine', 0.2]]))
  expect(await partial).toMatchObject({ text: 'fine' })
})

/** A recogniser without a call yet; `answer` begins one whose first packet is there. */
async function setUpAhead(refuseWith?: () => number | undefined) {
  const server = await startLiveServer(refuseWith)
  const clock = new VirtualClock()
  const recognizer = createDeepgramRecognizer({ url: server.url, apiKey: new Secret('key') }, { clock })
  const controller = new AbortController()
  onTestFinished(() => {
    controller.abort()
    server.stop()
  })
  const answer = () => {
    const input = new Channel<RecognizerInput>(10, 'fail')
    input.push({ type: 'audio', samples: new Int16Array(160), mediaMs: 0 })
    const ended = recognizer
      .transcribe(input, spec, controller.signal)
      [Symbol.asyncIterator]()
      .next()
      .catch(() => {})
    return { ended, hangUp: () => controller.abort() }
  }
  return { server, clock, recognizer, answer }
}

test('the connection made by prewarm is used, and kept alive until then', async () => {
  const { server, clock, recognizer, answer } = await setUpAhead()
  await recognizer.prewarm?.(spec)
  const peer = await server.peer(0)
  await clock.advance(4_000)
  await peer.until(() => peer.texts.includes('{"type":"KeepAlive"}'))
  answer()
  await peer.until(() => peer.audioBytes === 320)
  expect(server.peers).toHaveLength(1)
})

test('a call that is answered while its connection is still being made uses that one', async () => {
  const { server, clock, recognizer, answer } = await setUpAhead()
  const ahead = recognizer.prewarm?.(spec)
  const call = answer()
  await ahead
  const peer = await server.peer(0)
  await peer.until(() => peer.audioBytes === 320)
  expect(server.peers).toHaveLength(1)
  call.hangUp()
  await call.ended
  expect(clock.pendingTimers).toBe(0)
})

test('a call whose connection fails while it is being made opens one of its own; prewarm tells why', async () => {
  const refusals = [503]
  const { server, recognizer, answer } = await setUpAhead(() => refusals.shift())
  const ahead = recognizer.prewarm?.(spec)
  answer()
  await expect(ahead).rejects.toMatchObject({ code: expect.stringMatching(/^ASR_/) })
  const peer = await server.peer(0)
  await peer.until(() => peer.audioBytes === 320)
})

test('nothing is kept of a connection made ahead once its call is over', async () => {
  const { server, clock, recognizer, answer } = await setUpAhead()
  await recognizer.prewarm?.(spec)
  const peer = await server.peer(0)
  const closed = new Promise((resolve) => peer.request.socket.on('close', resolve))
  const call = answer()
  await peer.until(() => peer.audioBytes === 320)
  call.hangUp()
  await Promise.all([call.ended, closed])
  expect(server.peers).toHaveLength(1)
  expect(clock.pendingTimers).toBe(0)
})

test('a connection made ahead of a call that never came is closed in time', async () => {
  const server = await startLiveServer()
  const clock = new VirtualClock()
  onTestFinished(() => server.stop())
  await createDeepgramRecognizer({ url: server.url, apiKey: new Secret('key') }, { clock }).prewarm?.(spec)
  const peer = await server.peer(0)
  const closed = new Promise((resolve) => peer.request.socket.on('close', resolve))
  await clock.advance(120_000)
  await closed
  expect(clock.pendingTimers).toBe(0)
})

test('the end of the input closes the stream and gives what is owed', async () => {
  const call = await setUp()
  const partial = call.next()
  call.start()
  call.hear(20)
  const peer = await call.server.peer(0)
  await peer.until(() => peer.audioBytes > 0)
  peer.send(results([['bye', 0.3]]))
  await partial
  const final = call.next()
  call.input.close()
  await peer.until(() => peer.texts.includes('{"type":"CloseStream"}'))
  peer.close()
  expect(await final).toMatchObject({ kind: 'final', text: 'bye' })
  expect((await call.transcripts.next()).done).toBe(true)
})

test('aborting ends with the reason and closes the connection', async () => {
  const call = await setUp()
  const failure = call.next().catch((error) => error)
  const peer = await call.server.peer(0)
  const closed = new Promise((resolve) => peer.request.socket.on('close', resolve))
  await settle()
  const reason = new Error('hung up')
  call.controller.abort(reason)
  expect(await failure).toBe(reason)
  await closed
  expect(call.clock.pendingTimers).toBe(0)
})
