import { type CallEvent, type CallEventBody, callId } from '@parley/core'
import { type Kysely, sql, type Transaction } from 'kysely'
import { jsonText } from '../database/json-text.ts'
import type { Tables } from '../database/tables.ts'

/**
 * Makes writers of the same calls take turns until their transactions end. Locking the call rows would not do: the row of
 * a call that came in may not be there yet. Take it before any other lock.
 */
export async function lockJournals(trx: Transaction<Tables>, callIds: readonly string[]): Promise<void> {
  const ids = callIds.map((id) => id.toLowerCase())
  await sql`
    select pg_advisory_xact_lock(key)
    from (select distinct hashtextextended(id, 0) as key from unnest(${ids}::text[]) as id order by key) as keys`.execute(
    trx,
  )
}

/** Stores the events that are not there yet and returns those. In order of their keys, so that writers cannot deadlock. */
export async function insertEvents(db: Kysely<Tables>, events: readonly CallEvent[]): Promise<readonly CallEvent[]> {
  const rows = events.map(({ callId, seq, wallMs, body }) => ({
    call_id: callId,
    seq,
    wall_ms: Math.round(wallMs),
    type: body.type,
    body,
  }))
  const { rows: stored } = await sql<{ call_id: string; seq: number }>`
    insert into call_events (call_id, seq, wall_ms, type, body)
    select call_id, seq, wall_ms, type, body
    from jsonb_to_recordset(${jsonText(rows)}::jsonb)
      as e(call_id uuid, seq integer, wall_ms bigint, type text, body jsonb)
    order by call_id, seq
    on conflict do nothing
    returning call_id, seq`.execute(db)
  const fresh = new Set(stored.map((row) => key(row.call_id, row.seq)))
  // `delete`: of an event given twice in one batch, the first counts.
  return events.filter((event) => fresh.delete(key(event.callId, event.seq)))
}

/** All events of these calls, by call and number. */
export async function selectEvents(
  db: Kysely<Tables>,
  callIds: readonly string[],
  types?: readonly CallEventBody['type'][],
): Promise<readonly CallEvent[]> {
  let query = db.selectFrom('call_events').selectAll().where('call_id', 'in', callIds)
  if (types) query = query.where('type', 'in', types)
  const rows = await query.orderBy('call_id').orderBy('seq').execute()
  return rows.map((row) => ({
    callId: callId(row.call_id),
    seq: row.seq,
    wallMs: row.wall_ms,
    // Written by `insertEvents`.
    body: row.body as CallEventBody,
  }))
}

function key(id: string, seq: number): string {
  return `${id.toLowerCase()} ${seq}`
}
