import { type CallOutcome, callId, type RecordingFact } from '@parley/core'
import { sql, type Transaction } from 'kysely'
import type { Tables } from '../database/tables.ts'
import { insertEvents } from './event-rows.ts'
import { announceFreeSlot, projectCalls } from './project-calls.ts'

export interface Closing {
  readonly outcome: CallOutcome
  /** Unix ms. Undefined: now, by the database's clock. */
  readonly endedAtMs?: number
  readonly recording?: RecordingFact
}

/**
 * Ends a call in the name of an engine that cannot: writes `call.ended` after its last event and closes the row. The caller
 * has locked the row and seen that it is not closed.
 */
export async function closeCall(trx: Transaction<Tables>, id: string, closing: Closing): Promise<void> {
  const { rows } = await sql<{ seq: number; nowMs: number }>`
    select coalesce(max(seq), -1) + 1 as seq, (extract(epoch from clock_timestamp()) * 1000)::bigint as "nowMs"
    from call_events where call_id = ${id}`.execute(trx)
  const { seq = 0, nowMs = 0 } = rows[0] ?? {}
  const fresh = await insertEvents(trx, [
    {
      callId: callId(id),
      seq,
      wallMs: closing.endedAtMs ?? nowMs,
      body: {
        type: 'call.ended',
        outcome: closing.outcome,
        ...(closing.recording ? { recording: closing.recording } : {}),
      },
    },
  ])
  await projectCalls(trx, fresh, [])
  await trx.deleteFrom('call_candidates').where('call_id', '=', id).execute()
  await announceFreeSlot(trx)
  await announceCall(trx, id)
}

/** Tells whoever waits for this call that its stage changed. Sent when the transaction commits. */
export async function announceCall(trx: Transaction<Tables>, id: string): Promise<void> {
  await sql`select pg_notify('parley_call', ${id})`.execute(trx)
}
