import { type CallId, callId } from '@parley/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Store } from '../src/index.ts'
import { realRandom } from './support/real-time.ts'
import { event, openTestStore, stranger, tenant } from './support/sample-calls.ts'
import { createTestDatabase, serverVersions } from './support/test-database.ts'

const startMs = 1_760_000_000_000

describe.each(serverVersions)('records on %s', (version) => {
  let store: Store
  beforeAll(async () => {
    store = await openTestStore(await createTestDatabase(version))
  })
  afterAll(() => store[Symbol.asyncDispose]())

  async function incoming(wallMs: number, applicationId = tenant): Promise<CallId> {
    const id = callId(realRandom.uuid())
    const facts = { caller: '1', callee: '2', trunk: 'main', direction: 'inbound' as const }
    await store.journal.append([event(id, 0, wallMs, { type: 'call.incoming', applicationId, ...facts })])
    return id
  }

  test('pages hold every call once, newest first, also where several were created in the same ms', async () => {
    const times = [0, 5, 5, 5, 9, 9, 20]
    for (const at of times) await incoming(startMs + at)
    await incoming(startMs + 7, stranger)
    const range = { applicationId: tenant, fromMs: startMs, toMs: startMs + 15, limit: 2 }
    const seen = [...(await store.records.page(range))]
    for (;;) {
      const after = seen.at(-1)
      if (!after) break
      const page = await store.records.page({ ...range, after })
      if (page.length === 0) break
      seen.push(...page)
    }
    expect(seen.map(({ createdAtMs }) => createdAtMs - startMs)).toEqual([9, 9, 5, 5, 5, 0])
    expect(new Set(seen.map((call) => call.callId)).size).toBe(6)
  })

  test('a recording that was deleted is in no record and no event any more; a stranger cannot make it be forgotten', async () => {
    const id = await incoming(startMs)
    const recording = { path: `/recordings/${id}.wav`, durationMs: 1, bytes: 2 }
    const outcome = { kind: 'completed', by: 'user' } as const
    await store.journal.append([event(id, 1, startMs, { type: 'recording.started', path: recording.path })])
    await store.records.forgetRecording(tenant, id)
    expect(await store.records.events(tenant, id, ['recording.started'])).toHaveLength(1)
    await store.journal.append([event(id, 2, startMs, { type: 'call.ended', outcome, recording })])
    await store.records.forgetRecording(stranger, id)
    expect((await store.records.find(tenant, id))?.recording).toEqual(recording)
    await store.records.forgetRecording(tenant, id)
    expect(await store.records.find(tenant, id)).toMatchObject({ state: 'ended', outcome })
    expect((await store.records.find(tenant, id))?.recording).toBeUndefined()
    expect(JSON.stringify(await store.records.events(tenant, id))).not.toContain('.wav')
  })
})
