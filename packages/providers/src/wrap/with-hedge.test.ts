import { type ChatModel, type ErrorCode, silentLogger, VoiceError, waitUntil } from '@parley/core'
import { VirtualClock } from '@parley/testkit'
import { expect, test } from 'vitest'
import { readReply } from '../../test/read-reply.ts'
import { FirstDeltaBook, FirstDeltaTimes } from './first-delta-times.ts'
import { withHedge } from './with-hedge.ts'
import { withRetry } from './with-retry.ts'
import { withTimeout } from './with-timeout.ts'

interface Request {
  readonly firstMs: number
  readonly say?: readonly string[]
  readonly fail?: ErrorCode
}

/** A model whose requests are scripted in the order they come; counts what is under way and what was aborted. */
function scripted(clock: VirtualClock, requests: readonly Request[]) {
  const log = { sent: [] as string[], aborted: 0, complete: 0 }
  const model: ChatModel = {
    name: 'scripted',
    async *reply(_messages, { requestId }, signal) {
      const request = requests[log.sent.length] ?? { firstMs: 0 }
      log.sent.push(`${requestId} at ${clock.nowMs()}`)
      signal.addEventListener('abort', () => {
        log.aborted += 1
      })
      await waitUntil(clock, clock.nowMs() + request.firstMs, signal)
      if (request.fail) throw new VoiceError(request.fail)
      for (const text of request.say ?? []) {
        yield { type: 'text', text }
        await waitUntil(clock, clock.nowMs() + 10, signal)
      }
      log.complete += 1
    },
  }
  return { model, log }
}

/** A model known to need 200 ms, unless told otherwise. */
function setUp(requests: readonly Request[], known: readonly number[] = Array(10).fill(200)) {
  const clock = new VirtualClock()
  const times = new FirstDeltaTimes()
  for (const ms of known) times.add(ms)
  const { model, log } = scripted(clock, requests)
  const hedge = (inner: ChatModel) => withHedge(inner, { clock, logger: silentLogger, times })
  return { clock, times, model, log, hedge, hedged: hedge(model) }
}

test('a reply that comes in its usual time is asked for once', async () => {
  const { clock, hedged, log, times } = setUp([{ firstMs: 200, say: ['a', 'b'] }])
  const { heard, ended } = readReply(hedged)
  await clock.advance(1_000)
  expect(await ended).toBe('complete')
  expect(heard).toEqual(['a', 'b'])
  expect(log).toEqual({ sent: ['r at 0'], aborted: 0, complete: 1 })
  expect(times.hedged).toBe(0)
  expect(clock.pendingTimers).toBe(0)
})

test('a slow one is asked for again, the same; the second wins and the first is cancelled', async () => {
  const { clock, hedged, log, times } = setUp([
    { firstMs: 2_000, say: ['late'] },
    { firstMs: 100, say: ['a', 'b'] },
  ])
  const { heard, ended } = readReply(hedged)
  await clock.advance(1_000)
  expect(await ended).toBe('complete')
  expect(heard).toEqual(['a', 'b'])
  expect(log).toEqual({ sent: ['r at 0', 'r at 200'], aborted: 1, complete: 1 })
  expect(times).toMatchObject({ hedged: 1, hedgeWon: 1 })
  expect(clock.pendingTimers).toBe(0)
})

test('when the first answers after all, the second is cancelled; there is never a third', async () => {
  const { clock, hedged, log, times } = setUp([
    { firstMs: 900, say: ['a'] },
    { firstMs: 2_000, say: ['b'] },
  ])
  const { heard, ended } = readReply(hedged)
  await clock.advance(1_500)
  expect(await ended).toBe('complete')
  expect(heard).toEqual(['a'])
  expect(log).toEqual({ sent: ['r at 0', 'r at 200'], aborted: 1, complete: 1 })
  expect(times).toMatchObject({ hedged: 1, hedgeWon: 0 })
})

test('the second request waits for the 90th percentile of the last 50, and at least 150 ms', () => {
  const times = new FirstDeltaTimes()
  for (let count = 0; count < 7; count += 1) times.add(400)
  expect(times.slowMs).toBeUndefined()
  times.add(400)
  expect(times.slowMs).toBe(400)
  for (let ms = 1; ms <= 50; ms += 1) times.add(ms * 10)
  expect(times.slowMs).toBe(450)
  for (let count = 0; count < 50; count += 1) times.add(20)
  expect(times.slowMs).toBe(150)
})

test('a model of which too little is known is asked once, however long it takes', async () => {
  const { clock, hedged, log } = setUp([{ firstMs: 3_000, say: ['a'] }], [100, 100])
  const { ended } = readReply(hedged)
  await clock.advance(4_000)
  expect(await ended).toBe('complete')
  expect(log.sent).toHaveLength(1)
})

test('an abort ends both with its reason', async () => {
  const { clock, hedged, log } = setUp([{ firstMs: 2_000 }, { firstMs: 2_000 }])
  const abort = new AbortController()
  const { ended } = readReply(hedged, abort.signal)
  await clock.advance(500)
  const reason = new Error('barge-in')
  abort.abort(reason)
  expect(await ended).toBe(reason)
  expect(log).toMatchObject({ aborted: 2, complete: 0 })
  expect(clock.pendingTimers).toBe(0)
})

test('a reader that leaves in the middle cancels what it heard', async () => {
  const { clock, hedged, log } = setUp([{ firstMs: 0, say: ['a', 'b'] }])
  const reading = (async () => {
    for await (const _ of hedged.reply([], { tools: [], requestId: 'r' }, new AbortController().signal)) break
  })()
  await clock.advance(100)
  await reading
  expect(log).toMatchObject({ aborted: 1, complete: 0 })
})

test.each([
  ['the first fails before it is slow', [{ firstMs: 50, fail: 'LLM_AUTH' }], 'LLM_AUTH', 1, []],
  [
    'the first fails, the second answers',
    [
      { firstMs: 300, fail: 'LLM_UNAVAILABLE' },
      { firstMs: 300, say: ['a'] },
    ],
    'complete',
    2,
    ['a'],
  ],
  [
    'both fail: the first failure counts',
    [
      { firstMs: 500, fail: 'LLM_AUTH' },
      { firstMs: 100, fail: 'LLM_RATE_LIMITED' },
    ],
    'LLM_AUTH',
    2,
    [],
  ],
  [
    'one is empty, the other is not',
    [
      { firstMs: 300, say: [] },
      { firstMs: 300, say: ['a'] },
    ],
    'complete',
    2,
    ['a'],
  ],
  ['an empty reply stays one', [{ firstMs: 50, say: [] }], 'complete', 1, []],
] as const)('%s', async (_name, requests, outcome, sent, words) => {
  const { clock, hedged, log } = setUp(requests)
  const { heard, ended } = readReply(hedged)
  await clock.advance(2_000)
  expect(await ended).toBe(outcome)
  expect(heard).toEqual(words)
  expect(log.sent).toHaveLength(sent)
})

test('around retry and time-out there is one second request, and each of the two is retried by itself', async () => {
  const { clock, model, hedge, log } = setUp([
    { firstMs: 9_000 },
    { firstMs: 100, fail: 'LLM_UNAVAILABLE' },
    { firstMs: 100, say: ['a'] },
  ])
  const limits = { firstDeltaMs: 1_000, idleMs: 1_000 }
  const whole = hedge(withRetry(withTimeout(model, clock, limits), clock, { attempts: 2, pauseMs: 150 }))
  const { heard, ended } = readReply(whole)
  await clock.advance(1_000)
  expect(await ended).toBe('complete')
  expect(heard).toEqual(['a'])
  expect(log.sent).toEqual(['r at 0', 'r at 200', 'r at 450'])
  expect(clock.pendingTimers).toBe(0)
})

test('each model has its own times', () => {
  const book = new FirstDeltaBook()
  book.of('a').add(1)
  expect(book.of('a')).toBe(book.of('a'))
  expect(book.of('b')).not.toBe(book.of('a'))
})
