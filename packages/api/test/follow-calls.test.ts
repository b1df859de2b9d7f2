import { applicationId, type CallEventBody, callId, turnId } from '@parley/core'
import { VirtualClock } from '@parley/testkit'
import { expect, test } from 'vitest'
import { type FollowOptions, followCalls } from '../src/events/follow-calls.ts'
import { someCallId } from './api-house.ts'
import { FakeEventLog, FakeFeed } from './fake-event-log.ts'
import { CapturingLogger } from './fake-ports.ts'

const own = applicationId(1)
const stranger = applicationId(2)
const otherCall = callId('00000000-0000-4000-8000-000000000001')
const ended: CallEventBody = { type: 'call.ended', outcome: { kind: 'completed', by: 'user' } }

const event = (seq: number, body: CallEventBody, id = someCallId) => ({ callId: id, seq, wallMs: seq, body })

/** A reader whose sink is full while `isFull`. */
function reader(changes: Partial<FollowOptions> = {}) {
  const clock = new VirtualClock()
  const log = new FakeEventLog()
  const feed = new FakeFeed()
  const stop = new AbortController()
  const state = { text: '', isFull: false, release: () => {} }
  const sink = {
    get isFree() {
      return !state.isFull
    },
    async write(text: string) {
      state.text += text
      if (state.isFull) await new Promise<void>((resolve) => (state.release = resolve))
    },
  }
  const logger = new CapturingLogger()
  const positions = new Map()
  const begin = () =>
    followCalls({ log, feed, clock, logger, sink, signal: stop.signal, applicationId: own, positions, ...changes })
  const seen = () => [...state.text.matchAll(/^event: (.+)$/gm)].map((match) => match[1])
  return { clock, log, feed, state, stop, begin, seen, positions, logger }
}

test('events stored before and after the beginning come once and in order, and the stream ends with its call', async () => {
  const { clock, log, feed, begin, seen, state } = reader({ callId: someCallId })
  log.add(own, event(1, { type: 'call.dialing' }), event(2, { type: 'call.ringing' }))
  const done = begin()
  await clock.advance(0)
  expect(seen()).toEqual(['call.dialing', 'call.ringing'])
  log.add(own, event(3, { type: 'call.answered' }))
  log.add(own, event(4, { type: 'dtmf', key: '5', atMs: 10 }))
  feed.stored(someCallId)
  await clock.advance(100)
  expect(seen()).toEqual(['call.dialing', 'call.ringing', 'call.answered', 'dtmf'])
  log.add(own, event(5, ended))
  feed.stored(someCallId)
  await clock.advance(100)
  await done
  expect(state.text).toContain(
    `id: ${someCallId}:4\nevent: dtmf\ndata: {"type":"dtmf","callId":"${someCallId}","seq":4,`,
  )
  expect(feed.listeners.size).toBe(0)
  expect(clock.pendingTimers).toBe(0)
})

test('a call on another engine is found by looking once a second', async () => {
  const { clock, log, begin, seen } = reader()
  void begin()
  await clock.advance(0)
  log.add(own, event(1, { type: 'call.dialing' }))
  await clock.advance(900)
  expect(seen()).toEqual([])
  await clock.advance(100)
  expect(seen()).toEqual(['call.dialing'])
})

test("a stream of an application has the events of its calls and nothing of a stranger's, not even words", async () => {
  const { clock, log, feed, begin, state, seen } = reader()
  void begin()
  await clock.advance(0)
  log.add(stranger, event(1, { type: 'call.dialing' }, otherCall))
  log.add(own, event(1, { type: 'call.dialing' }))
  feed.words(stranger, otherCall, 'secret words')
  feed.words(own, someCallId, 'good mor')
  feed.stored(someCallId)
  await clock.advance(1_000)
  expect(seen()).toEqual(['transcript.partial', 'call.dialing'])
  expect(state.text).toContain('"text":"good mor"')
  expect(state.text).not.toContain(otherCall)
  expect(state.text).not.toContain('secret')
})

test('a reader that takes nothing is not read for, gets no partial transcripts, and misses no event', async () => {
  const { clock, log, feed, begin, state, seen } = reader({ callId: someCallId })
  void begin()
  await clock.advance(0)
  state.isFull = true
  log.add(own, event(1, { type: 'call.dialing' }))
  await clock.advance(1_000)
  const looks = log.looks
  for (let seq = 2; seq < 1_000; seq += 1) log.add(own, event(seq, { type: 'dtmf', key: '1', atMs: seq }))
  feed.words(own, someCallId, 'lost')
  await clock.advance(60_000)
  expect(log.looks).toBe(looks)
  state.isFull = false
  state.release()
  await clock.advance(2_000)
  expect(seen()).toHaveLength(999)
  expect(state.text).not.toContain('lost')
})

test('what a reader has already is not sent again', async () => {
  const { clock, log, begin, seen, positions } = reader({ callId: someCallId })
  log.add(own, event(1, { type: 'call.dialing' }), event(2, { type: 'call.ringing' }))
  positions.set(someCallId, { seq: 1 })
  void begin()
  await clock.advance(0)
  expect(seen()).toEqual(['call.ringing'])
})

test('a reader that was away is caught up from where it was, calls that ended meanwhile included; then only news is looked for', async () => {
  const wallMs = new VirtualClock().wallMs()
  const { clock, log, begin, seen, positions } = reader({ fromMs: wallMs - 1_800_000 })
  positions.set(someCallId, { seq: 1, endedAtMs: wallMs - 900_000 })
  log.add(own, event(1, { type: 'call.dialing' }), { ...event(2, ended), wallMs })
  log.failure = new Error('away for a moment')
  void begin()
  await clock.advance(500)
  log.failure = undefined
  await clock.advance(500)
  expect(log.lookedSinceMs).toBe(wallMs - 1_860_000)
  expect(seen()).toEqual(['call.ended'])
  await clock.advance(1_000)
  expect(log.lookedSinceMs).toBe(wallMs + 2_000 - 60_000)
  expect(seen()).toEqual(['call.ended'])
})

test('a quiet stream is kept alive, and one whose database is away goes on afterwards', async () => {
  const { clock, log, begin, state, seen, logger } = reader()
  log.failure = new Error('connection refused')
  void begin()
  await clock.advance(31_000)
  expect(state.text.match(/^: keep-alive$/gm)).toHaveLength(2)
  expect(logger.lines.join()).toContain('events could not be read')
  log.failure = undefined
  log.add(own, event(1, { type: 'call.dialing' }))
  await clock.advance(1_000)
  expect(seen()).toEqual(['call.dialing'])
})

test.each([
  ['a call ten', { callId: someCallId }, 10],
  ['an application four', {}, 4],
])('however much happens, the journal is looked at for %s times a second at most', async (_name, of, most) => {
  const { clock, log, feed, begin, stop } = reader(of)
  const done = begin()
  for (let step = 0; step < 100; step += 1) {
    feed.stored(someCallId)
    await clock.advance(10)
  }
  expect(log.looks).toBeLessThanOrEqual(most + 1)
  expect(log.looks).toBeGreaterThanOrEqual(most - 1)
  stop.abort()
  await done
  expect(clock.pendingTimers).toBe(0)
})

test('positions of calls that are over are forgotten after a while', async () => {
  const { clock, log, begin, positions } = reader()
  void begin()
  await clock.advance(0)
  log.add(own, { ...event(1, ended), wallMs: clock.wallMs() })
  await clock.advance(1_000)
  expect(positions.size).toBe(1)
  log.stored.length = 0
  await clock.advance(1_300_000)
  expect(positions.size).toBe(0)
})

test('an ending call tells of its recording first, without its path; what is for the inside is not sent', async () => {
  const { clock, log, begin, state, seen } = reader({ callId: someCallId })
  const recording = { path: '/var/lib/secret.wav', durationMs: 5, bytes: 6 }
  log.add(
    own,
    event(1, { type: 'recording.started', path: recording.path }),
    event(2, { type: 'user.said', turn: turnId(1), text: 'a\nb', fromMs: 1, toMs: 2 }),
    event(3, { ...ended, recording } as CallEventBody),
  )
  const done = begin()
  await clock.advance(0)
  await done
  expect(seen()).toEqual(['transcript.final', 'recording.ready', 'call.ended'])
  expect(state.text.match(/^id: .*:3$/gm)).toHaveLength(1)
  expect(state.text).toContain('"text":"a\\nb"')
  expect(state.text).not.toContain('secret.wav')
})
