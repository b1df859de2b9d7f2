import {
  type CallId,
  callId,
  type RecordingBacklog,
  type RecordingFact,
  type RecordingFormat,
  toVoiceError,
} from '@parley/core'
import { type Kysely, sql, type Transaction } from 'kysely'
import type { Database } from '../database/connect.ts'
import { jsonText } from '../database/json-text.ts'
import type { RecordingStage, Tables } from '../database/tables.ts'
import type { OwnerIdentity } from '../journal/project-calls.ts'
import { fillOutbox } from '../pushes/outbox-rows.ts'
import { anyOther } from './configure-care.ts'

/** Of a row `c` of `calls`: whose rules hold. */
const ruleOwner = sql`coalesce((select o.application_id from care_rules o where o.application_id = c.application_id), ${anyOther})`

/** Work on one recording, taken by this engine. */
export interface RecordingJob {
  readonly callId: CallId
  readonly applicationId: number
  readonly stage: RecordingStage
  readonly attempt: number
  readonly stale: readonly string[]
  /** Null: it was deleted meanwhile. */
  readonly recording: RecordingFact | null
  readonly format: RecordingFormat
  readonly moves: boolean
}

/**
 * Makes the work that these calls, which are ending with a recording, have by the rules of their applications; in the
 * transaction that ends them. Returns those whose recording is encoded first: receivers hear of it afterwards.
 */
export async function enqueueRecordings(trx: Transaction<Tables>, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const { rows } = await sql<{ id: string; stage: RecordingStage }>`
    insert into recording_jobs (call_id, owner, stage)
    select c.call_id, c.owner, case when r.recording_format = 'wav' then 'move' else 'encode' end
    from calls c join care_rules r on r.application_id = ${ruleOwner}
    where c.call_id = any(${ids}::uuid[]) and (r.recording_format <> 'wav' or r.moves_recordings)
    on conflict do nothing
    returning call_id as id, stage`.execute(trx)
  return new Set(rows.flatMap(({ id, stage }) => (stage === 'encode' ? [id] : [])))
}

/** The next job of these stages whose time has come, or that an earlier start of this engine had. */
export async function claimRecordingJob(
  db: Database,
  { owner, incarnation }: OwnerIdentity,
  stages: readonly RecordingStage[],
): Promise<RecordingJob | undefined> {
  const { rows } = await sql<Omit<RecordingJob, 'callId'> & { id: string }>`
    update recording_jobs j set attempt = j.attempt + 1, claimed_by = ${incarnation}
    from calls c left join care_rules r on r.application_id = ${ruleOwner}
    where c.call_id = j.call_id and j.call_id = (
      select call_id from recording_jobs
      where owner = ${owner} and stage = any(${stages}::text[])
        and (claimed_by is null and due_at <= clock_timestamp() or claimed_by <> ${incarnation})
      order by due_at
      for update skip locked
      limit 1
    )
    returning j.call_id as id, c.application_id as "applicationId", j.stage, j.attempt, j.stale, c.recording,
      coalesce(r.recording_format, 'wav') as format, coalesce(r.moves_recordings, false) as moves`.execute(db)
  const [row] = rows
  if (!row) return undefined
  const { id, ...job } = row
  return { ...job, callId: callId(id) }
}

export interface RecordingStep {
  readonly next: RecordingStage
  /** What is there instead of the job's recording. Undefined: it stays. */
  readonly recording?: RecordingFact
  /** Receivers may hear of it now. */
  readonly isReady: boolean
}

/**
 * Writes down that a stage is done: the record names the new file, and the old one is stale. False: the recording was
 * deleted meanwhile; then nothing was written, and the new file must go.
 */
export async function advanceRecordingJob(db: Database, job: RecordingJob, step: RecordingStep): Promise<boolean> {
  const old = job.recording?.path ?? ''
  return db.transaction().execute(async (trx) => {
    const change = step.recording ? sql`recording = ${jsonText(step.recording)}::jsonb` : sql`recording = recording`
    const { rows } = await sql<{ endedAtMs: number }>`
      update calls set ${change} where call_id = ${job.callId} and recording ->> 'path' = ${old}
      returning ended_at_ms as "endedAtMs"`.execute(trx)
    const [call] = rows
    if (!call) {
      await trx.deleteFrom('recording_jobs').where('call_id', '=', job.callId).execute()
      return false
    }
    const stale = step.recording ? [...job.stale, old] : job.stale
    await sql`
      update recording_jobs set stage = ${step.next}, stale = ${stale}::text[], attempt = 0, claimed_by = null,
        due_at = clock_timestamp(), failure = null
      where call_id = ${job.callId} and attempt = ${job.attempt}`.execute(trx)
    if (step.isReady) await fillOutbox(trx, [{ callId: job.callId, event: 'recording.ready', atMs: call.endedAtMs }])
    return true
  })
}

/** Tries it again later. Not written down when somebody else has it by now. */
export async function giveBackRecordingJob(
  db: Database,
  { callId, attempt }: RecordingJob,
  error: unknown,
  afterMs: number,
): Promise<void> {
  await sql`
    update recording_jobs set claimed_by = null, failure = ${toVoiceError(error, 'INTERNAL').message.slice(0, 500)},
      due_at = clock_timestamp() + make_interval(secs => ${afterMs / 1_000}::float8)
    where call_id = ${callId} and attempt = ${attempt}`.execute(db)
}

export async function finishRecordingJob(db: Database, { callId }: RecordingJob): Promise<void> {
  await db.deleteFrom('recording_jobs').where('call_id', '=', callId).execute()
}

/** What waits for this engine. */
export async function countBacklog(
  db: Kysely<Tables>,
  { owner }: OwnerIdentity,
): Promise<Omit<RecordingBacklog, 'failures'>> {
  const { rows } = await sql<{ encode: number; move: number; remove: number; oldestS: number }>`
    select count(*) filter (where j.stage = 'encode') as encode, count(*) filter (where j.stage = 'move') as move,
      count(*) filter (where j.stage = 'clean') + (
        select count(*) from doomed_files where owner is null or owner = ${owner}
      ) as remove,
      greatest(0, coalesce(extract(epoch from clock_timestamp()) - min(c.ended_at_ms) / 1000.0, 0))::float8 as "oldestS"
    from recording_jobs j join calls c on c.call_id = j.call_id
    where j.owner = ${owner}`.execute(db)
  return rows[0] ?? { encode: 0, move: 0, remove: 0, oldestS: 0 }
}
