import { silentLogger } from '@parley/core'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { connect } from '../src/database/connect.ts'
import { migrate } from '../src/database/migrate.ts'
import { claimNext } from '../src/dispatch/claim.ts'
import { firstPace } from '../src/dispatch/engine-pace.ts'
import { realClock } from './support/real-time.ts'
import { createTestDatabase, serverVersions } from './support/test-database.ts'

const claimers = 12
const limit = 5

describe.each(serverVersions)('claiming on %s', (version) => {
  /*
   * Counting a trunk's calls with a snapshot older than the lock on the trunk passes every gentle test. So: claimers that do
   * nothing else, a trunk that is always due, and slots that are given back when it was full.
   */
  test('a dozen claimers that never rest do not pass the limit of a trunk', { timeout: 40_000 }, async () => {
    await using stack = new AsyncDisposableStack()
    const db = stack.adopt(connect(await createTestDatabase(version), claimers, silentLogger), (pool) => pool.destroy())
    await migrate(db)
    await sql`insert into trunks (name, application_ids, max_concurrent, max_cps) values ('main', '{1}', ${limit}, 1e9)`.execute(
      db,
    )
    await sql`insert into numbers (trunk, number, number_key) values ('main', '2', '2')`.execute(db)
    await sql`
      with queued as (
        insert into calls (call_id, application_id, direction, stage, callee, callee_key, expires_at, state, created_at_ms)
        select gen_random_uuid(), 1, 'outbound', 'queued', '1', '1', 'infinity', 'created', 0 from generate_series(1, 5000)
        returning call_id, queued_at
      )
      insert into call_candidates select call_id, 'main', '2', queued_at from queued`.execute(db)
    await sql`analyze`.execute(db)
    const held: string[] = []
    let most = 0
    let rounds = 0
    const claim = async (index: number) => {
      for (let tries = 0; tries < 20_000 && rounds < 50; tries += 1) {
        const attempt = await claimNext(db, { owner: `engine-${index}`, incarnation: 1 }, realClock, firstPace)
        if (attempt.kind !== 'claimed') continue
        held.push(...attempt.calls.map(({ callId }) => callId))
        most = Math.max(most, held.length)
        if (held.length < limit) continue
        // Full: what the others are just doing must come to nothing. Then all slots are given back.
        await sql`select pg_sleep(0.003)`.execute(db)
        rounds += 1
        const all = held.splice(0)
        await sql`update calls set stage = 'refused' where call_id = any(${all}::uuid[])`.execute(db)
        await sql`update trunks set tat = '-infinity'`.execute(db)
      }
    }
    await Promise.all(Array.from({ length: claimers }, (_, index) => claim(index)))
    expect(most).toBe(limit)
  })

  test('a trunk that somebody holds at this moment is looked at again at once', async () => {
    await using stack = new AsyncDisposableStack()
    const db = stack.adopt(connect(await createTestDatabase(version), 2, silentLogger), (pool) => pool.destroy())
    await migrate(db)
    await sql`insert into trunks (name, application_ids, max_concurrent, max_cps) values ('main', '{1}', 9, 9)`.execute(
      db,
    )
    await sql`
      with queued as (
        insert into calls (call_id, application_id, direction, stage, callee, callee_key, expires_at, state, created_at_ms)
        values (gen_random_uuid(), 1, 'outbound', 'queued', '1', '1', 'infinity', 'created', 0)
        returning call_id, queued_at
      )
      insert into call_candidates select call_id, 'main', '2', queued_at from queued`.execute(db)
    const claim = () => claimNext(db, { owner: 'engine', incarnation: 1 }, realClock, firstPace)
    const held = await db.transaction().execute(async (trx) => {
      await sql`select 1 from trunks for update`.execute(trx)
      return claim()
    })
    expect(held).toMatchObject({ kind: 'idle' })
    expect(held.kind === 'idle' && held.nextDueMs).toBeLessThanOrEqual(10)
    await sql`update trunks set enabled = false`.execute(db)
    expect(await claim()).toEqual({ kind: 'idle', nextDueMs: undefined })
  })
})
