import type { ApplicationId, CallId } from '@parley/core'
import { sql } from 'kysely'
import type { Database } from '../database/connect.ts'
import { lockJournals } from '../journal/event-rows.ts'
import { doomRecording } from '../recordings/doomed-files.ts'
import type { TieredRecordingStore } from '../recordings/tiered-recording-store.ts'

/** Events that tell what was said and pressed. */
const spokenTypes = ['user.said', 'assistant.said', 'dtmf']

/**
 * The whole call. False: it is not there or not over; that includes what its campaign makes of its end, for without the call
 * it would take it for one that was never made, and have the callee called again.
 */
export async function eraseCall(
  db: Database,
  recordings: TieredRecordingStore,
  applicationId: ApplicationId,
  callId: CallId,
): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const awaited = await sql`select 1 from campaign_attempts where call_id = ${callId} and stage = 'live'`.execute(trx)
    if (awaited.rows.length > 0) return false
    await lockJournals(trx, [callId])
    await doomRecording(trx, recordings, applicationId, callId)
    // Pushes, jobs and candidates go with the row.
    const gone = await trx
      .deleteFrom('calls')
      .where('call_id', '=', callId)
      .where('application_id', '=', applicationId)
      .where('stage', 'in', ['closed', 'refused'])
      .returning('call_id')
      .executeTakeFirst()
    if (gone) await trx.deleteFrom('call_events').where('call_id', '=', callId).execute()
    return gone !== undefined
  })
}

/** What was said and pressed, the prompt, and what was made of it after the call. */
export async function eraseTranscripts(db: Database, callIds: readonly CallId[]): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await lockJournals(trx, callIds)
    await sql`
      delete from call_events where call_id = any(${callIds}::uuid[]) and type = any(${spokenTypes}::text[])`.execute(
      trx,
    )
    await sql`delete from call_jobs where call_id = any(${callIds}::uuid[])`.execute(trx)
    await sql`
      update calls set transcript_kept = false, spec = null, sealed = null, keys = '[]', uui = null
      where call_id = any(${callIds}::uuid[])`.execute(trx)
  })
}

/** Every event but those of the transcript. */
export async function eraseJournals(db: Database, callIds: readonly CallId[]): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await lockJournals(trx, callIds)
    await sql`
      delete from call_events where call_id = any(${callIds}::uuid[]) and not type = any(${spokenTypes}::text[])`.execute(
      trx,
    )
    await sql`update calls set journal_kept = false where call_id = any(${callIds}::uuid[])`.execute(trx)
  })
}

/** Requests that never became calls; nobody but the database knows of them. */
export async function eraseRefused(
  db: Database,
  applicationId: ApplicationId,
  days: number,
  limit: number,
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from calls where call_id in (
      select call_id from calls
      where application_id = ${applicationId} and stage = 'refused'
        and created_at_ms < (extract(epoch from clock_timestamp() - make_interval(days => ${days})) * 1000)::bigint
      limit ${limit}
      for update skip locked
    )`.execute(db)
  return Number(numAffectedRows ?? 0)
}
