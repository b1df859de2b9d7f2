import { type CallId, callId } from '@parley/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Store } from '../src/index.ts'
import { realRandom } from './support/real-time.ts'
import { event, openTestStore, stranger, tenant } from './support/sample-calls.ts'
import { createTestDatabase, serverVersions } from './support/test-database.ts'

const startMs = 1_760_000_000_000
const everything = { applicationId: tenant, fromMs: 0, toMs: Number.MAX_SAFE_INTEGER }

describe.each(serverVersions)('usage on %s', (version) => {
  let store: Store
  beforeAll(async () => {
    store = await openTestStore(await createTestDatabase(version))
  }, 60_000)
  afterAll(async () => {
    await store?.[Symbol.asyncDispose]()
  })

  /** A call that came in, with a talk of this length; undefined: nobody answered; `null`: it still runs. */
  async function incoming(talkMs: number | undefined | null): Promise<CallId> {
    const id = callId(realRandom.uuid())
    const parties = { caller: '1', callee: '2', trunk: 'main', direction: 'inbound' } as const
    const events = [event(id, 0, startMs, { type: 'call.incoming', applicationId: tenant, ...parties })]
    if (talkMs !== undefined) events.push(event(id, 1, startMs + 1000, { type: 'call.answered' }))
    if (talkMs !== null) {
      const outcome = { kind: 'completed', by: 'user' } as const
      events.push(event(id, 2, startMs + 1000 + (talkMs ?? 0), { type: 'call.ended', outcome }))
    }
    await store.journal.append(events)
    return id
  }

  test('each begun minute of a finished talk counts, for its application and period', async () => {
    const running = await incoming(null)
    for (const talkMs of [undefined, 1, 60_000, 60_001]) await incoming(talkMs)
    expect(await store.records.talkMinutes(everything)).toEqual({ outbound: 0, inbound: 4 })
    expect(await store.records.talkMinutes({ ...everything, toMs: startMs - 1 })).toEqual({ outbound: 0, inbound: 0 })
    expect(await store.records.talkMinutes({ ...everything, applicationId: stranger })).toEqual({
      outbound: 0,
      inbound: 0,
    })
    const live = await store.records.list({ ...everything, live: true, limit: 10, offset: 0 })
    expect(live).toMatchObject({ total: 1, calls: [{ callId: running }] })
  })
})
