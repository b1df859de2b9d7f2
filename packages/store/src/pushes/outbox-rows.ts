import type { PushEvent } from '@parley/core'
import { sql, type Transaction } from 'kysely'
import { jsonText } from '../database/json-text.ts'
import type { Tables } from '../database/tables.ts'
import type { CallProjection } from '../journal/projection.ts'

/** Something that happened to a call and that receivers may want to know. */
export interface Happening {
  readonly callId: string
  readonly event: PushEvent
  /** Unix ms. */
  readonly atMs: number
}

/** What receivers can be told of the way from one projection to the next. */
export function happenings(callId: string, before: CallProjection, after: CallProjection): readonly Happening[] {
  const { answeredAtMs, endedAtMs, recording } = after
  const endMs = before.endedAtMs === null ? endedAtMs : null
  return [
    ...(answeredAtMs !== null && before.answeredAtMs === null
      ? [{ callId, event: 'call.answered' as const, atMs: answeredAtMs }]
      : []),
    ...(endMs !== null ? [{ callId, event: 'call.ended' as const, atMs: endMs }] : []),
    ...(endMs !== null && recording ? [{ callId, event: 'recording.ready' as const, atMs: endMs }] : []),
  ]
}

/**
 * Writes one row for each receiver that wants to know, in the transaction of the events themselves: a push is there if and
 * only if its event is. Workers hear of it when the transaction commits.
 */
export async function fillOutbox(trx: Transaction<Tables>, news: readonly Happening[]): Promise<void> {
  if (news.length === 0) return
  await sql`
    with filled as (
      insert into pushes (webhook, application_id, call_id, event, occurred_at_ms)
      select w.name, c.application_id, c.call_id, n.event, n."atMs"
      from jsonb_to_recordset(${jsonText(news)}::jsonb) as n("callId" uuid, event text, "atMs" bigint)
      join calls c on c.call_id = n."callId"
      join webhooks w on w.enabled and w.application_id = c.application_id and n.event = any(w.events)
      on conflict do nothing
      returning 1
    )
    select pg_notify('parley_push', '') from filled limit 1`.execute(trx)
}
