import { type CallEvent, type CallEventBody, callId, silentLogger, VoiceError } from '@parley/core'
import { VirtualClock } from '@parley/testkit'
import { expect, test } from 'vitest'
import { JournalWriter } from './journal-writer.ts'

test('events that a journal refused for ten minutes are stored once it takes them, in their order', async () => {
  const clock = new VirtualClock()
  const stored: CallEvent[] = []
  let isAway = true
  const append = async (events: readonly CallEvent[]) => {
    if (isAway) throw new VoiceError('STORE_FAILED')
    stored.push(...events)
  }
  const open = { shown: (body: CallEventBody) => body }
  const id = callId('00000000-0000-4000-8000-000000000001')
  const writer = new JournalWriter(id, { append }, clock, silentLogger, open)
  writer.write({ type: 'call.answered' })
  let flushed = false
  const flush = writer.flush().then(() => {
    flushed = true
  })
  await clock.advance(119_000)
  expect(flushed).toBe(false)
  await clock.advance(2_000)
  await flush
  writer.write({ type: 'call.ended', outcome: { kind: 'completed', by: 'user' } })
  await clock.advance(600_000)
  expect(stored).toEqual([])
  isAway = false
  await clock.advance(6_000)
  await writer.flush()
  expect(stored.map(({ body }) => body.type)).toEqual(['call.answered', 'call.ended'])
})
