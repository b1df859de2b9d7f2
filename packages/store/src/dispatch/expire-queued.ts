import type { Logger } from '@parley/core'
import { sql } from 'kysely'
import type { Database } from '../database/connect.ts'
import { closeCall } from '../journal/close-call.ts'

/** Whoever waits for a call refuses it himself at its time. Later than this, nobody waits any more. */
const abandonedAfterSeconds = 5
const callsPerRun = 1_000

/**
 * Ends queued calls whose time is over: abandoned ones are refused without a record; calls that were accepted and came
 * back from an engine end with `failed / RESOURCE_EXHAUSTED`.
 */
export async function expireQueued(db: Database, logger: Logger): Promise<void> {
  const refused = await sql`
    with late as (
      select call_id from calls
      where stage = 'queued' and not accepted
        and expires_at < clock_timestamp() - make_interval(secs => ${abandonedAfterSeconds}::float8)
      for update skip locked
      limit ${callsPerRun}
    ), forgotten as (
      delete from call_candidates k using late where k.call_id = late.call_id
    )
    update calls c set stage = 'refused', spec = null, sealed = null from late where c.call_id = late.call_id
    returning 1`.execute(db)
  if (refused.rows.length > 0) logger.info('abandoned calls were refused', { calls: refused.rows.length })
  const { rows } = await sql<{ id: string }>`
    select call_id as id from calls where stage = 'queued' and accepted and expires_at < clock_timestamp()
    limit ${callsPerRun}`.execute(db)
  for (const { id } of rows) {
    await closeCall(db, id, { stages: ['queued'] }, () => ({ outcome: { kind: 'failed', code: 'RESOURCE_EXHAUSTED' } }))
  }
}
