import { type ApplicationId, type CallId, callId, type DueForErasure, type ErasureKind } from '@parley/core'
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Tables } from '../database/tables.ts'

/** Of a row `c` of `calls`: there is something of this kind to erase. */
const isKept: Readonly<Record<ErasureKind, RawBuilder<boolean>>> = {
  recordings: sql`(c.recording is not null or c.recording_path is not null)`,
  transcripts: sql`c.transcript_kept`,
  journal: sql`c.journal_kept`,
  records: sql`true`,
}

/** Calls of which this is due, the oldest first. By the database's clock. */
export async function dueCalls(
  db: Kysely<Tables>,
  applicationId: ApplicationId,
  kind: ErasureKind,
  days: number,
  limit: number,
): Promise<DueForErasure['calls']> {
  const { rows } = await sql<{ id: string; endedAtMs: number }>`
    select c.call_id as id, c.ended_at_ms as "endedAtMs" from calls c ${dueWhere(applicationId, kind, days)}
    order by c.ended_at_ms limit ${limit}`.execute(db)
  return rows.map(({ id, endedAtMs }): { callId: CallId; endedAtMs: number } => ({ callId: callId(id), endedAtMs }))
}

export async function countDue(
  db: Kysely<Tables>,
  applicationId: ApplicationId,
  kind: ErasureKind,
  days: number,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from calls c ${dueWhere(applicationId, kind, days)}`.execute(db)
  return rows[0]?.count ?? 0
}

function dueWhere(applicationId: ApplicationId, kind: ErasureKind, days: number): RawBuilder<unknown> {
  return sql`
    where c.application_id = ${applicationId} and c.stage = 'closed' and ${isKept[kind]}
      and c.ended_at_ms < (extract(epoch from clock_timestamp() - make_interval(days => ${days})) * 1000)::bigint`
}
