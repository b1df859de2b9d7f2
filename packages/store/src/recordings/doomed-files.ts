import { type ApplicationId, type CallId, toVoiceError } from '@parley/core'
import { sql, type Transaction } from 'kysely'
import type { Database } from '../database/connect.ts'
import { jsonText } from '../database/json-text.ts'
import type { Tables } from '../database/tables.ts'
import type { OwnerIdentity } from '../journal/project-calls.ts'
import type { TieredRecordingStore } from './tiered-recording-store.ts'

/**
 * Writes down that every file of this call's recording must go: in the transaction that strikes it out of the record, so
 * that no crash and no outage of the bucket leaves one behind. Also what work under way may yet write. Nothing happens for a
 * call in progress or of another application.
 */
export async function doomRecording(
  trx: Transaction<Tables>,
  store: TieredRecordingStore,
  applicationId: ApplicationId,
  callId: CallId,
): Promise<void> {
  const row = await trx
    .selectFrom('calls')
    .select(['owner', 'recording', 'recording_path as begunAt'])
    .where('application_id', '=', applicationId)
    .where('call_id', '=', callId)
    .where('stage', '=', 'closed')
    .forUpdate()
    .executeTakeFirst()
  if (!row || (row.recording === null && row.begunAt === null)) return
  const job = await trx.deleteFrom('recording_jobs').where('call_id', '=', callId).returning('stale').executeTakeFirst()
  const known = [row.recording?.path, row.begunAt, ...(job?.stale ?? [])].filter((path) => typeof path === 'string')
  await doomFiles(trx, store, row.owner, [...known, ...store.tracesOf({ applicationId, callId })])
}

/** `owner`: the engine whose disk has the local ones among them. */
async function doomFiles(
  trx: Transaction<Tables>,
  store: TieredRecordingStore,
  owner: string | null,
  paths: readonly string[],
): Promise<void> {
  const rows = [...new Set(paths)].map((path) => ({ path, owner: store.isLocal(path) ? owner : null }))
  await sql`
    insert into doomed_files (path, owner)
    select path, owner from jsonb_to_recordset(${jsonText(rows)}::jsonb) as d(path text, owner text)
    on conflict do nothing`.execute(trx)
}

const filesPerRun = 100
const firstRetryS = 5
const lastRetryS = 600

/**
 * Deletes what is due and within reach of this engine, files of its disk first. Returns how many could not be deleted now;
 * those are tried again. A bucket that failed once is left alone until the next run.
 */
export async function removeDoomed(
  db: Database,
  store: TieredRecordingStore,
  { owner }: OwnerIdentity,
  signal: AbortSignal,
): Promise<{ readonly removed: number; readonly failed: number }> {
  const { rows } = await sql<{ path: string }>`
    select path from doomed_files where (owner is null or owner = ${owner}) and due_at <= clock_timestamp()
    order by owner is null, due_at limit ${filesPerRun}`.execute(db)
  let removed = 0
  let failed = 0
  let isBucketAway = false
  for (const { path } of rows) {
    if (isBucketAway && !store.isLocal(path)) continue
    try {
      await store.remove(path, signal)
      await db.deleteFrom('doomed_files').where('path', '=', path).execute()
      removed += 1
    } catch (error) {
      // Cut off by the end of the engine, not failed.
      if (signal.aborted) break
      failed += 1
      isBucketAway ||= !store.isLocal(path)
      await postpone(db, path, toVoiceError(error, 'STORE_FAILED').message.slice(0, 500))
    }
  }
  return { removed, failed }
}

async function postpone(db: Database, path: string, failure: string): Promise<void> {
  await sql`
    update doomed_files set attempt = attempt + 1, failure = ${failure},
      due_at = clock_timestamp()
        + make_interval(secs => least(${lastRetryS}, ${firstRetryS} * power(2, least(attempt, 10)))::float8)
    where path = ${path}`.execute(db)
}
