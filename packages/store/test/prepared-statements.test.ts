import { callId } from '@parley/core'
import { describe, expect, test } from 'vitest'
import { realRandom } from './support/real-time.ts'
import { event, openTestStore, tenant } from './support/sample-calls.ts'
import { ask, createTestDatabase, serverVersions } from './support/test-database.ts'

describe.each(serverVersions)('on %s', (version) => {
  test('an engine goes on reading and writing when a newer one changes a table under it', async () => {
    const url = await createTestDatabase(version)
    await using store = await openTestStore(url, 1)
    const write = async () => {
      const id = callId(realRandom.uuid())
      const facts = { applicationId: tenant, caller: '1', callee: '2', trunk: 'main', direction: 'inbound' as const }
      await store.journal.append([event(id, 0, 1_760_000_000_000, { type: 'call.incoming', ...facts })])
      return id
    }
    const id = await write()
    for (let round = 0; round < 3; round += 1) {
      expect(await store.records.find(tenant, id)).toMatchObject({ callee: '2' })
      await ask(url, `alter table calls add column later_${round} text`)
    }
    expect(await store.records.find(tenant, id)).toMatchObject({ callee: '2' })
    await write()
    expect(await ask(url, 'select 1 from calls')).toHaveLength(2)
  })
})
