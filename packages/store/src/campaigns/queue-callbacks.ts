import { sql, type Transaction } from 'kysely'
import type { Tables } from '../database/tables.ts'

/**
 * Puts the callbacks of an attempt into the outbox, in the transaction that settles it, and remembers that they fired. A
 * trigger fires once for a call, whatever it matched by.
 */
export async function queueCallbacks(
  trx: Transaction<Tables>,
  callId: string,
  triggers: readonly number[],
): Promise<void> {
  if (triggers.length === 0) return
  await sql`
    with attempt as (
      select a.call_id, a.application_id, a.campaign_id, a.position, a.ended_at from campaign_attempts a
      where a.call_id = ${callId}
    ), filled as (
      insert into pushes (webhook, application_id, call_id, event, occurred_at_ms)
      select w.name, a.application_id, a.call_id, 'campaign.matched.' || t.index,
        (extract(epoch from a.ended_at) * 1000)::bigint
      from attempt a
      join webhooks w on w.name = 'campaigns:' || a.application_id
      cross join unnest(${triggers}::integer[]) as t(index)
      on conflict do nothing
    ), remembered as (
      update campaign_callees k set fired = array(select distinct unnest(k.fired || ${triggers}::integer[]))
      from attempt a where k.campaign_id = a.campaign_id and k.position = a.position
    )
    select pg_notify('parley_push', '')`.execute(trx)
}
