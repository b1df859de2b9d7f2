import { applicationId, type CallId, callId } from '@parley/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Store } from '../src/index.ts'
import { realRandom } from './support/real-time.ts'
import { event, openTestStore } from './support/sample-calls.ts'
import { createTestDatabase, serverVersions } from './support/test-database.ts'

const nowMs = 1_760_000_000_000
const sinceMs = nowMs - 600_000
let nextApplication = 100

describe.each(serverVersions)('the event log on %s', (version) => {
  let store: Store
  beforeAll(async () => {
    store = await openTestStore(await createTestDatabase(version))
  })
  afterAll(() => store[Symbol.asyncDispose]())

  /** A tenant of this test alone. */
  function house() {
    nextApplication += 1
    const owner = applicationId(nextApplication)
    const incoming = async (wallMs: number): Promise<CallId> => {
      const id = callId(realRandom.uuid())
      const facts = { applicationId: owner, caller: '1', callee: '2', trunk: 'main', direction: 'inbound' as const }
      await store.journal.append([
        event(id, 0, wallMs, { type: 'call.incoming', ...facts }),
        event(id, 1, wallMs + 10, { type: 'call.ringing' }),
      ])
      return id
    }
    const end = (id: CallId, wallMs: number) =>
      store.journal.append([event(id, 2, wallMs, { type: 'call.ended', outcome: { kind: 'completed', by: 'user' } })])
    const after = async (positions: Parameters<Store['eventLog']['after']>[0]['positions'], limit = 100, id?: CallId) =>
      (
        await store.eventLog.after({
          applicationId: owner,
          positions,
          sinceMs,
          limit,
          ...(id === undefined ? {} : { callId: id }),
        })
      ).map((one) => [one.callId, one.seq])
    return { owner, incoming, end, after }
  }

  test('a follower who starts now stands at the last event of each call and sees what follows, once', async () => {
    const { owner, incoming, end, after } = house()
    const id = await incoming(nowMs - 1_000)
    const positions = await store.eventLog.positions(owner, sinceMs, nowMs)
    expect([...positions]).toEqual([[id, { seq: 1 }]])
    expect(await after(positions)).toEqual([])
    const second = await incoming(nowMs + 5)
    await end(id, nowMs + 7)
    expect(new Set((await after(positions)).map(String))).toEqual(new Set([`${id},2`, `${second},0`, `${second},1`]))
    positions.set(id, { seq: 2 }).set(second, { seq: 1 })
    expect(await after(positions)).toEqual([])
  })

  test('an instant in the past is taken up where it was, and says which calls are over', async () => {
    const { owner, incoming, end } = house()
    const id = await incoming(nowMs - 2_000)
    await end(id, nowMs - 500)
    expect([...(await store.eventLog.positions(owner, sinceMs, nowMs - 1_000))]).toEqual([
      [id, { seq: 1, endedAtMs: nowMs - 500 }],
    ])
  })

  test('an old call is followed as long as it lives or has a position; one that is over is not', async () => {
    const { incoming, end, after } = house()
    const live = await incoming(nowMs - 7_200_000)
    const over = await incoming(nowMs - 7_200_000)
    await end(over, nowMs - 7_000_000)
    expect(await after(new Map())).toEqual([
      [live, 0],
      [live, 1],
    ])
    expect(await after(new Map([[over, { seq: 1 }]]))).toContainEqual([over, 2])
  })

  test('pages end at the limit and go on after it; a single call can be read from its first event', async () => {
    const { incoming, end, after } = house()
    const id = await incoming(nowMs - 7_200_000)
    await end(id, nowMs - 7_000_000)
    expect(await after(new Map(), 2, id)).toEqual([
      [id, 0],
      [id, 1],
    ])
    expect(await after(new Map([[id, { seq: 1 }]]), 2, id)).toEqual([[id, 2]])
    expect(await after(new Map(), 2, callId('nonsense'))).toEqual([])
  })

  test("a stranger's call has no events and no position, and the ladder's messages are not events", async () => {
    const mine = house()
    const theirs = house()
    const id = await mine.incoming(nowMs)
    await store.journal.append([event(id, 2, nowMs, { type: 'signalling.messages', messages: [] })])
    expect(await theirs.after(new Map([[id, { seq: 0 }]]))).toEqual([])
    expect(await theirs.after(new Map(), 10, id)).toEqual([])
    expect((await store.eventLog.positions(theirs.owner, sinceMs, nowMs + 1)).size).toBe(0)
    expect(await mine.after(new Map([[id, { seq: 1 }]]))).toEqual([])
  })
})
