import { type CallOutcome, callId, type RecordingFact } from '@parley/core'
import { type Selectable, sql } from 'kysely'
import type { Database } from '../database/connect.ts'
import type { CallStage, Tables } from '../database/tables.ts'
import { insertEvents, lockJournals } from './event-rows.ts'
import { announceFreeSlot, projectCalls } from './project-calls.ts'

export interface Closing {
  readonly outcome: CallOutcome
  /** Unix ms. Undefined: now, by the database's clock. */
  readonly endedAtMs?: number
  readonly recording?: RecordingFact
}

/** What must be true of the row, seen under its lock. */
export interface ClosingCondition {
  readonly stages: readonly CallStage[]
  readonly fence?: number
  readonly applicationId?: number
}

/**
 * Ends a call in the name of an engine that cannot: writes `call.ended` after its last event and closes the row. False: the
 * condition does not hold (any more), nothing was done.
 */
export async function closeCall(
  db: Database,
  id: string,
  condition: ClosingCondition,
  closing: (row: Selectable<Tables['calls']>) => Closing,
): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    await lockJournals(trx, [id])
    let query = trx.selectFrom('calls').selectAll().where('call_id', '=', id).where('stage', 'in', condition.stages)
    if (condition.fence !== undefined) query = query.where('fence', '=', condition.fence)
    if (condition.applicationId !== undefined) query = query.where('application_id', '=', condition.applicationId)
    const row = await query.forUpdate().executeTakeFirst()
    if (!row) return false
    const { outcome, endedAtMs, recording } = closing(row)
    const { rows } = await sql<{ seq: number; nowMs: number }>`
      select coalesce(max(seq), -1) + 1 as seq, (extract(epoch from clock_timestamp()) * 1000)::bigint as "nowMs"
      from call_events where call_id = ${id}`.execute(trx)
    const { seq = 0, nowMs = 0 } = rows[0] ?? {}
    const body = { type: 'call.ended' as const, outcome, ...(recording ? { recording } : {}) }
    const fresh = await insertEvents(trx, [{ callId: callId(row.call_id), seq, wallMs: endedAtMs ?? nowMs, body }])
    await projectCalls(trx, fresh, [])
    await announceFreeSlot(trx)
    await sql`select pg_notify('parley_call', ${row.call_id})`.execute(trx)
    return true
  })
}
