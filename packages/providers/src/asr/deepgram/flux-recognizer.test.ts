import { Channel, type RecognizerInput, Secret } from '@parley/core'
import { startLiveServer, VirtualClock } from '@parley/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { startLiveCall } from '../../../test/live-call.ts'
import type { FluxEvent } from './flux-message.ts'
import { createFluxRecognizer, type FluxOptions } from './flux-recognizer.ts'

const english = { languages: ['en'], hints: [] }

const setUp = (
  options: Partial<FluxOptions> & { refuseWith?: () => number | undefined; languages?: readonly string[] } = {},
) => {
  const { refuseWith, languages = ['en'], ...more } = options
  return startLiveCall(
    (url, clock) => createFluxRecognizer({ url, apiKey: new Secret('key'), finalWithinMs: 500, ...more }, { clock }),
    { languages, hints: [] },
    refuseWith,
  )
}

/** As documented: times in seconds of the stream, all words of the turn so far. */
function turnInfo(event: FluxEvent, heardTo: number, transcript: string, turn = 0) {
  return {
    type: 'TurnInfo',
    request_id: '6a4f3c1e-1b1c-4a52-8f57-4f6a2a1d7c11',
    sequence_id: 1,
    event,
    turn_index: turn,
    audio_window_start: 0,
    audio_window_end: heardTo,
    transcript,
    words: transcript
      .split(' ')
      .filter(Boolean)
      .map((word) => ({ word, confidence: 0.5 })),
    end_of_turn_confidence: event === 'EndOfTurn' ? 0.8 : 0.1,
  }
}

/** The same from models that tell where words are: text, and end in seconds; each lasts 0.1 s. */
function timed(event: FluxEvent, heardTo: number, words: readonly [string, number][], turn = 0) {
  const info = turnInfo(event, heardTo, words.map(([word]) => word).join(' '), turn)
  return { ...info, words: words.map(([word, end]) => ({ word, confidence: 0.5, start: end - 0.1, end })) }
}

test('a turn gives partials, the opinion of the service, and one final for its voiced stretch', async () => {
  const call = await setUp()
  const first = call.next()
  call.hear(5)
  call.start()
  call.hear(45)
  const peer = await call.server.peer(0)
  peer.send({ type: 'Connected', request_id: 'x', sequence_id: 0 })
  await peer.until(() => peer.audioBytes === 48 * 320)
  peer.send(turnInfo('StartOfTurn', 0.4, 'I'))
  expect(await first).toEqual({ kind: 'partial', text: 'I', fromMs: 1_100, toMs: 1_400, confidence: 0.5 })
  peer.send(turnInfo('EagerEndOfTurn', 0.8, 'I agree.'))
  expect(await call.next()).toMatchObject({ kind: 'partial', text: 'I agree.' })
  expect(await call.next()).toEqual({ kind: 'turn', state: 'eager', toMs: 1_800 })
  peer.send(turnInfo('TurnResumed', 0.9, 'I agree.'))
  expect(await call.next()).toEqual({ kind: 'turn', state: 'resumed', toMs: 1_900 })
  call.stop()
  call.hear(20)
  await peer.until(() => peer.audioBytes === 68 * 320)
  peer.send(turnInfo('EndOfTurn', 1.1, 'I agree too.'))
  expect(await call.next()).toMatchObject({ kind: 'final', text: 'I agree too.', fromMs: 1_100, toMs: 2_000 })
  expect(await call.next()).toEqual({ kind: 'turn', state: 'confirmed', toMs: 2_100 })
})

test('audio goes out in blocks of 80 ms, what is left of it when the input ends', async () => {
  const call = await setUp()
  void call.next().catch(() => {})
  call.hear(6)
  const peer = await call.server.peer(0)
  await peer.until(() => peer.audioBytes > 0)
  expect(peer.audioBytes).toBe(4 * 320)
  call.input.close()
  await peer.until(() => peer.texts.includes('{"type":"CloseStream"}'))
  expect(peer.audioBytes).toBe(6 * 320)
})

test.each([
  { languages: ['en'], expected: { model: 'flux-general-en' } },
  { languages: ['es', 'zh', 'en-GB'], expected: { model: 'flux-general-multi', language_hint: 'es,en-GB' } },
])('the upgrade asks for what $languages needs', async ({ languages, expected }) => {
  const call = await setUp({ eagerThreshold: 0.4, threshold: 0.8, languages })
  void call.next().catch(() => {})
  const { request } = await call.server.peer(0)
  const query = new URL(request.url ?? '', 'http://x').searchParams
  const sent = Object.fromEntries([...query.keys()].map((name) => [name, query.getAll(name).join(',')]))
  expect(request.headers.authorization).toBe('Token key')
  expect(sent).toEqual({
    encoding: 'linear16',
    sample_rate: '8000',
    eager_eot_threshold: '0.4',
    eot_threshold: '0.8',
    ...expected,
  })
})

test('a pause within a turn gives each stretch its own words', async () => {
  const call = await setUp()
  const first = call.next()
  call.start()
  call.hear(50)
  call.stop()
  const peer = await call.server.peer(0)
  await peer.until(() => peer.audioBytes === 48 * 320)
  peer.send(turnInfo('Update', 1.1, 'I want'))
  expect(await first).toMatchObject({ kind: 'partial', text: 'I want' })
  peer.send(turnInfo('Update', 1.3, 'I want'))
  expect(await call.next()).toMatchObject({ kind: 'final', text: 'I want' })
  call.hear(50)
  call.start()
  call.hear(50)
  await peer.until(() => peer.audioBytes === 148 * 320)
  peer.send(turnInfo('Update', 2.6, 'I want to cancel'))
  expect(await call.next()).toMatchObject({ kind: 'partial', text: 'to cancel', fromMs: 3_000 })
  call.stop()
  call.hear(20)
  await peer.until(() => peer.audioBytes === 168 * 320)
  peer.send(turnInfo('EndOfTurn', 3.2, 'I want to cancel.'))
  expect(await call.next()).toMatchObject({ kind: 'final', text: 'to cancel.' })
})

test('words with times go to the stretch they were said in', async () => {
  const call = await setUp()
  const first = call.next()
  call.start()
  call.hear(20)
  call.stop()
  call.hear(30)
  call.start()
  call.hear(20)
  const peer = await call.server.peer(0)
  await peer.until(() => peer.audioBytes === 68 * 320)
  peer.send(
    timed('Update', 1.4, [
      ['yes', 0.3],
      ['no', 1.2],
    ]),
  )
  expect(await first).toMatchObject({ kind: 'final', text: 'yes', fromMs: 1_200, toMs: 1_300 })
  expect(await call.next()).toMatchObject({ kind: 'partial', text: 'no', fromMs: 2_100, toMs: 2_200 })
})

test('a turn that is over before the voice has stopped gives its words when it does', async () => {
  const call = await setUp()
  const first = call.next()
  call.start()
  call.hear(50)
  const peer = await call.server.peer(0)
  await peer.until(() => peer.audioBytes === 48 * 320)
  peer.send(turnInfo('EndOfTurn', 0.9, 'Hello.'))
  expect(await first).toMatchObject({ kind: 'partial', text: 'Hello.' })
  expect(await call.next()).toMatchObject({ kind: 'turn', state: 'confirmed' })
  peer.send(turnInfo('StartOfTurn', 1, 'Are', 1))
  expect(await call.next()).toMatchObject({ kind: 'partial', text: 'Hello. Are' })
  call.stop()
  peer.send(turnInfo('EndOfTurn', 1.4, 'Are you there?', 1))
  expect(await call.next()).toMatchObject({ kind: 'final', text: 'Hello. Are you there?' })
})

test('words heard before the stretch began are not part of it, however often they are repeated', async () => {
  const call = await setUp()
  const partial = call.next()
  call.hear(4)
  const peer = await call.server.peer(0)
  await peer.until(() => peer.audioBytes === 4 * 320)
  call.hear(96)
  peer.send(timed('Update', 0.6, [['radio', 0.5]]))
  call.start()
  call.hear(20)
  await peer.until(() => peer.audioBytes === 120 * 320)
  peer.send(
    timed('Update', 2.4, [
      ['radio', 0.5],
      ['hello', 2.2],
    ]),
  )
  expect(await partial).toMatchObject({ kind: 'partial', text: 'hello', toMs: 3_200 })
})

test('a final that does not come in time is replaced by the last partial, and is not given twice', async () => {
  const call = await setUp()
  const partial = call.next()
  call.start()
  call.hear(50)
  call.stop()
  const peer = await call.server.peer(0)
  await peer.until(() => peer.audioBytes > 0)
  peer.send(turnInfo('Update', 0.8, 'five'))
  await partial
  await call.clock.advance(500)
  expect(await call.next()).toMatchObject({ kind: 'final', text: 'five' })
  call.start()
  call.hear(50)
  call.stop()
  peer.send(turnInfo('EndOfTurn', 2, 'five six'))
  expect(await call.next()).toMatchObject({ kind: 'final', text: 'six' })
})

test('a connection that drops in the middle of a turn is replaced and hears it again', async () => {
  const call = await setUp()
  const first = call.next()
  call.start()
  call.hear(40)
  const lost = await call.server.peer(0)
  await lost.until(() => lost.audioBytes === 40 * 320)
  lost.send(turnInfo('Update', 0.5, 'hello'))
  expect(await first).toMatchObject({ text: 'hello' })
  lost.drop()
  const peer = await call.server.peer(1)
  await peer.until(() => peer.audioBytes === 40 * 320)
  call.stop()
  peer.send(turnInfo('EndOfTurn', 0.8, 'hello again'))
  expect(await call.next()).toMatchObject({ kind: 'final', text: 'hello again' })
  expect(await call.next()).toMatchObject({ kind: 'turn', state: 'confirmed', toMs: 1_800 })
})

test('a second loss without a final between them ends the recognition', async () => {
  const call = await setUp()
  const failure = call.next().catch((error) => error)
  call.start()
  ;(await call.server.peer(0)).drop()
  ;(await call.server.peer(1)).drop()
  expect(await failure).toMatchObject({ code: 'ASR_UNAVAILABLE', retryable: true })
})

test('a connection that stays open and says nothing is replaced once', async () => {
  const call = await setUp()
  const final = call.next()
  await call.server.peer(0)
  await call.clock.advance(1)
  for (let stretch = 0; stretch < 2; stretch += 1) {
    call.start()
    call.hear(40)
    call.stop()
    await call.clock.advance(500)
  }
  expect(await final).toMatchObject({ kind: 'final', text: '' })
  expect(await call.next()).toMatchObject({ kind: 'final', text: '' })
  const peer = await call.server.peer(1)
  call.start()
  call.hear(40)
  call.stop()
  await peer.until(() => peer.audioBytes >= 40 * 320)
  peer.send(turnInfo('EndOfTurn', 60, 'hello'))
  expect(await call.next()).toMatchObject({ kind: 'final', text: 'hello' })
  expect(call.server.peers).toHaveLength(2)
})

test.each([
  { status: 401, code: 'ASR_FAILED', retryable: false },
  { status: 429, code: 'ASR_UNAVAILABLE', retryable: true },
])('an upgrade refused with $status is $code', async ({ status, code, retryable }) => {
  const call = await setUp({ refuseWith: () => status })
  await expect(call.next()).rejects.toMatchObject({ code, retryable })
})

test('garbage and fatal errors between the messages are passed over', async () => {
  const call = await setUp()
  const partial = call.next()
  call.start()
  const peer = await call.server.peer(0)
  for (const text of ['{"type":"TurnInfo"', '[]', '{"type":"TurnInfo","event":"Nonsense"}', 'null']) peer.sendRaw(text)
  peer.send({ type: 'Error', sequence_id: 3, code: 'INTERNAL_SERVER_ERROR', description: 'words of the caller' })
  call.hear(20)
  await peer.until(() => peer.audioBytes > 0)
  peer.send({ ...turnInfo('Update', 0.3, 'all fine'), words: undefined })
  expect(await partial).toEqual({ kind: 'partial', text: 'all fine', fromMs: 1_000, toMs: 1_300 })
})

test('a connection made ahead is kept open with silence, which is no part of the call', async () => {
  const server = await startLiveServer()
  const clock = new VirtualClock()
  const recognizer = createFluxRecognizer({ url: server.url, apiKey: new Secret('key') }, { clock })
  const controller = new AbortController()
  onTestFinished(() => {
    controller.abort()
    server.stop()
  })
  await recognizer.prewarm?.(english)
  const peer = await server.peer(0)
  await clock.advance(4_000)
  await peer.until(() => peer.audioBytes === 1_280)
  expect(peer.texts).toEqual([])
  const input = new Channel<RecognizerInput>(10, 'fail')
  input.push({ type: 'audio', samples: new Int16Array(640), mediaMs: 5_000 })
  input.push({ type: 'speech.started', mediaMs: 5_000 })
  const first = recognizer.transcribe(input, english, controller.signal)[Symbol.asyncIterator]().next()
  await peer.until(() => peer.audioBytes === 2 * 1_280)
  peer.send(timed('Update', 0.16, [['a', 0.14]]))
  expect((await first).value).toMatchObject({ text: 'a', toMs: 5_060 })
  expect(server.peers).toHaveLength(1)
})
