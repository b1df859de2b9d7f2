import pg from 'pg'
import { application } from './api-protocol.ts'

/** Of the calls, newest first: those with a transcript, and what requests name. */
export interface ArchiveSample {
  readonly callIds: readonly string[]
  readonly phones: readonly string[]
}

export const archiveDays = 85
/** One call of so many has its events, or writing them would take most of the run. */
const eventsEach = 10

/**
 * Fills an empty schema with calls that are over, spread over `archiveDays`, by SQL: one in twenty of another tenant, some
 * 400 in progress. Triggers and their counts are left for the first request, as after an upgrade.
 */
export async function fillArchive(url: string, calls: number): Promise<ArchiveSample> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('alter table calls disable trigger user')
    await client.query(
      `insert into calls (call_id, application_id, direction, stage, accepted, caller, caller_key, callee, callee_key, trunk,
         queued_at, state, created_at_ms, ringing_at_ms, answered_at_ms, ended_at_ms, outcome)
       select gen_random_uuid(), case when n % 20 = 7 then 1400000002 else $1::bigint end,
         case when n % 9 = 0 then 'inbound' else 'outbound' end, 'closed', true, caller, ltrim(caller, '0'), callee,
         ltrim(callee, '0'), 'trunk-' || n % 4, to_timestamp(at / 1000.0), 'ended', at, at + 2000, at + 7000, at + 7000 + n % 180000,
         '{"kind":"completed","by":"user"}'
       from (
         select n, '0086755000000' || n % 4 as caller, '00861' || lpad((n::bigint * 7919 % 300000)::text, 10, '3') as callee,
           (extract(epoch from now()) * 1000)::bigint - 60000 - (n::bigint * $2::bigint * 86400000 / $3::bigint) as at
         from generate_series(1, $3::int) as n
       ) as made`,
      [application.sdkAppId, archiveDays, calls],
    )
    await client.query(
      "update calls set stage = 'sent', state = 'answered', ended_at_ms = null, outcome = null where call_id in (select call_id from calls order by created_at_ms desc limit 400)",
    )
    await client.query(
      `insert into call_events (call_id, seq, wall_ms, type, body)
       select call_id, seq, created_at_ms + seq * 1500, case seq % 2 when 0 then 'user.said' else 'assistant.said' end,
         case seq % 2 when 0
           then jsonb_build_object('type', 'user.said', 'text', 'I would like to know when my order comes.', 'turn', seq, 'fromMs', seq * 1500, 'toMs', seq * 1500 + 1200)
           else jsonb_build_object('type', 'assistant.said', 'text', 'It is on its way and comes tomorrow.', 'heard', 'It is on its way and comes tomorrow.', 'turn', seq, 'fromMs', seq * 1500, 'toMs', seq * 1500 + 1200) end
       from (select call_id, created_at_ms, row_number() over (order by call_id) as n from calls where stage = 'closed') as c,
         generate_series(1, 8) as seq
       where n % $1 = 0`,
      [eventsEach],
    )
    await client.query('alter table calls enable trigger user')
    await client.query('vacuum (analyze) calls')
    await client.query('vacuum (analyze) call_events')
    await client.query('checkpoint')
    const told = await client.query<{ id: string; callee: string }>(
      `select c.call_id as id, c.callee from calls c tablesample system (1)
       where application_id = $1 and exists (select 1 from call_events e where e.call_id = c.call_id) limit 500`,
      [application.sdkAppId],
    )
    return { callIds: told.rows.map(({ id }) => id), phones: told.rows.map(({ callee }) => callee) }
  } finally {
    await client.end()
  }
}
