import { type CallEvent, type CallId, type CallQuality, callId, generation, turnId } from '@parley/core'
import { SeededRandom } from '@parley/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Store } from '../src/index.ts'
import { emptyProjection, project } from '../src/journal/projection.ts'
import { realRandom } from './support/real-time.ts'
import { event, openTestStore, stranger, tenant } from './support/sample-calls.ts'
import { createTestDatabase, serverVersions } from './support/test-database.ts'

const startMs = 1_760_000_000_000
const quality: CallQuality = {
  codec: 'PCMA',
  encrypted: true,
  uplink: { packetsReceived: 349, packetsLost: 1, packetsDiscarded: 0, jitterMs: 1.4, mos: 4.37 },
  downlink: { packetsSent: 350, packetsLost: 0, jitterMs: 0.5, mos: 4.4 },
  roundTripMs: 24.1,
}

function incoming(id: CallId, caller = '+86 138-0013-8000', callee = '0049 30 111'): CallEvent {
  return event(id, 0, startMs, {
    type: 'call.incoming',
    applicationId: tenant,
    caller,
    callee,
    trunk: 'main',
    direction: 'inbound',
  })
}

const offered = { skillGroupId: 7, skillGroupName: 'sales', mode: 'bridge' } as const

/** A whole call with every kind of event that shows in its record. */
function talk(id: CallId): readonly CallEvent[] {
  return [
    incoming(id),
    event(id, 1, startMs + 10, { type: 'call.dialing' }),
    event(id, 2, startMs + 900, { type: 'call.ringing' }),
    event(id, 3, startMs + 2_000, { type: 'call.answered' }),
    event(id, 4, startMs + 2_010, { type: 'recording.started', path: `/recordings/${id}.wav` }),
    event(id, 5, startMs + 4_000, {
      type: 'assistant.said',
      turn: turnId(0),
      heard: 'Hello.',
      intended: 'Hello. How are you?',
      interrupted: true,
      fromMs: 100,
      toMs: 900,
      source: 'greeting',
      remember: true,
    }),
    event(id, 6, startMs + 5_000, {
      type: 'user.said',
      turn: turnId(1),
      text: 'Hi\u0000 \ud800there',
      fromMs: 800,
      toMs: 1_500,
    }),
    event(id, 7, startMs + 5_500, { type: 'dtmf', key: '4', atMs: 3_500 }),
    event(id, 8, startMs + 5_600, { type: 'dtmf', key: '#', atMs: 3_600 }),
    event(id, 9, startMs + 6_000, {
      type: 'turn.completed',
      timings: { turn: turnId(1), generation: generation(2), discarded: 0 },
    }),
    event(id, 20, startMs + 6_100, { type: 'transfer.started', attempt: 0, by: 'assistant', callee: '1', ...offered }),
    event(id, 21, startMs + 6_200, { type: 'transfer.failed', attempt: 0, failure: 'busy' }),
    event(id, 22, startMs + 6_300, { type: 'transfer.started', attempt: 1, by: 'assistant', callee: '2', ...offered }),
    event(id, 23, startMs + 6_400, { type: 'transfer.ringing', attempt: 1 }),
    event(id, 24, startMs + 6_500, { type: 'transfer.answered', attempt: 1 }),
    event(id, 25, startMs + 6_600, { type: 'transfer.joined', attempt: 1 }),
    event(id, 26, startMs + 8_900, { type: 'transfer.ended', attempt: 1 }),
    event(id, 30, startMs + 9_000, {
      type: 'call.ended',
      outcome: { kind: 'completed', by: 'user' },
      recording: { path: `/recordings/${id}.wav`, durationMs: 7_000, bytes: 224_044 },
      quality,
    }),
  ]
}

describe.each(serverVersions)('the journal on %s', (version) => {
  let store: Store
  beforeAll(async () => {
    store = await openTestStore(await createTestDatabase(version))
  })
  afterAll(() => store[Symbol.asyncDispose]())

  const fresh = () => callId(realRandom.uuid())

  test('a call that came in has a record with all its instants', async () => {
    const id = fresh()
    await store.journal.append(talk(id))
    expect(await store.records.find(tenant, id)).toEqual({
      callId: id,
      applicationId: tenant,
      direction: 'inbound',
      caller: '+86 138-0013-8000',
      callee: '0049 30 111',
      trunk: 'main',
      state: 'ended',
      createdAtMs: startMs,
      ringingAtMs: startMs + 900,
      answeredAtMs: startMs + 2_000,
      endedAtMs: startMs + 9_000,
      outcome: { kind: 'completed', by: 'user' },
      recording: { path: `/recordings/${id}.wav`, durationMs: 7_000, bytes: 224_044 },
      quality,
      keys: [
        { key: '4', atWallMs: startMs + 5_500 },
        { key: '#', atWallMs: startMs + 5_600 },
      ],
      transfers: [
        {
          ...offered,
          attempt: 0,
          callee: '1',
          startedAtMs: startMs + 6_100,
          endedAtMs: startMs + 6_200,
          failure: 'busy',
        },
        {
          ...offered,
          attempt: 1,
          callee: '2',
          startedAtMs: startMs + 6_300,
          ringingAtMs: startMs + 6_400,
          answeredAtMs: startMs + 6_500,
          endedAtMs: startMs + 8_900,
        },
      ],
    })
  })

  test('the transcript holds what was heard, in order of speaking, and survives text no database takes', async () => {
    const id = fresh()
    await store.journal.append(talk(id))
    expect(await store.records.transcript(tenant, id)).toEqual([
      { role: 'assistant', text: 'Hello.', fromMs: 100, toMs: 900 },
      { role: 'user', text: 'Hi \ufffdthere', fromMs: 800, toMs: 1_500 },
    ])
  })

  test('events come back as they were written, in order', async () => {
    const id = fresh()
    const events = talk(id).filter(({ body }) => body.type !== 'user.said')
    await store.journal.append(events)
    expect(await store.records.events(tenant, id)).toEqual(events)
  })

  test('another application sees nothing of a call', async () => {
    const id = fresh()
    await store.journal.append(talk(id))
    expect(await store.records.find(stranger, id)).toBeUndefined()
    expect(await store.records.transcript(stranger, id)).toEqual([])
    expect(await store.records.events(stranger, id)).toEqual([])
    const listed = await store.records.list({ applicationId: stranger, fromMs: 0, toMs: 9e12, limit: 10, offset: 0 })
    expect(listed).toEqual({ total: 0, calls: [] })
  })

  test('an id that is no call id finds nothing', async () => {
    expect(await store.records.find(tenant, callId("x' or 1=1"))).toBeUndefined()
  })

  test('news after the end does not open a call again', async () => {
    const id = fresh()
    await store.journal.append(talk(id))
    await store.journal.append([
      event(id, 31, startMs + 9_500, { type: 'call.ringing' }),
      event(id, 32, startMs + 9_600, { type: 'call.ended', outcome: { kind: 'failed', code: 'INTERNAL' } }),
    ])
    const record = await store.records.find(tenant, id)
    expect(record).toMatchObject({ state: 'ended', outcome: { kind: 'completed' }, ringingAtMs: startMs + 900 })
    expect(record?.endedAtMs).toBe(startMs + 9_000)
  })

  test('events given in any order, in any batches, several times and by several writers make the same record', async () => {
    for (let seed = 1; seed <= 25; seed += 1) {
      const random = new SeededRandom(seed)
      const id = fresh()
      const events = talk(id)
      const given = [...events, ...events.filter(() => random.next() < 0.5)]
      const shuffled = given.map((item) => ({ item, at: random.next() })).sort((a, b) => a.at - b.at)
      const batches: CallEvent[][] = [[]]
      for (const { item } of shuffled) {
        if (random.next() < 0.3) batches.push([])
        batches.at(-1)?.push(item)
      }
      await Promise.all(batches.map((batch) => store.journal.append(batch)))
      const expected = events.reduce(project, emptyProjection)
      const record = await store.records.find(tenant, id)
      expect(record, `seed ${seed}`).toMatchObject({
        state: expected.state,
        ringingAtMs: expected.ringingAtMs,
        answeredAtMs: expected.answeredAtMs,
        endedAtMs: expected.endedAtMs,
        outcome: expected.outcome,
        recording: expected.recording,
        quality: expected.quality,
        keys: expected.keys.map(({ key, atWallMs }) => ({ key, atWallMs })),
        transfers: expected.transfers,
      })
      expect(
        (await store.records.events(tenant, id)).map(({ seq }) => seq),
        `seed ${seed}`,
      ).toEqual(events.map(({ seq }) => seq))
    }
  })

  test('calls are listed newest first, page by page, found by either number however it is written', async () => {
    const ids = [fresh(), fresh(), fresh()]
    for (const [index, id] of ids.entries()) {
      await store.journal.append([
        { ...incoming(id, '+1 (555) 0100', index === 2 ? '+81 3 99' : '+81 3 00'), wallMs: startMs + 1e9 + index },
      ])
    }
    const query = { applicationId: tenant, fromMs: startMs + 1e9, toMs: startMs + 1e9 + 2, limit: 2, offset: 0 }
    const first = await store.records.list({ ...query, phones: ['0015550100'] })
    expect(first.total).toBe(3)
    expect(first.calls.map(({ callId }) => callId)).toEqual([ids[2], ids[1]])
    const second = await store.records.list({ ...query, phones: ['1555-0100'], offset: 2 })
    expect(second.calls.map(({ callId }) => callId)).toEqual([ids[0]])
    expect((await store.records.list({ ...query, phones: ['0081399'] })).calls.map(({ callId }) => callId)).toEqual([
      ids[2],
    ])
    expect((await store.records.list({ ...query, toMs: startMs + 1e9 + 1 })).total).toBe(2)
    expect((await store.records.list({ ...query, callIds: [ids[1] as CallId] })).total).toBe(1)
  })
})
