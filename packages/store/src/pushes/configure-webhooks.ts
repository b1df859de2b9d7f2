import type { PushRoute } from '@parley/core'
import { sql, type Transaction } from 'kysely'
import { jsonText } from '../database/json-text.ts'
import type { Tables } from '../database/tables.ts'

/**
 * Makes the receivers those of the configuration. One that is gone is switched off; what still waits for it is dead, and
 * may be replayed when the receiver is back.
 */
export async function configureWebhooks(trx: Transaction<Tables>, routes: readonly PushRoute[]): Promise<void> {
  const rows = routes.map(({ name, applicationId, events }) => ({ name, application_id: applicationId, events }))
  await sql`
    insert into webhooks (name, application_id, events)
    select name, application_id, events
    from jsonb_to_recordset(${jsonText(rows)}::jsonb) as w(name text, application_id bigint, events text[])
    on conflict (name) do update
      set enabled = true, application_id = excluded.application_id, events = excluded.events`.execute(trx)
  await sql`
    with gone as (
      update webhooks set enabled = false
      where enabled and not name = any(${rows.map(({ name }) => name)}::text[])
      returning name
    )
    update pushes p set state = 'dead', reason = 'receiver was removed', settled_at = clock_timestamp()
    from gone where p.webhook = gone.name and p.state = 'pending'`.execute(trx)
  // A name that now belongs to another application must not hand it the calls of the former one.
  await sql`
    update pushes p set state = 'dead', reason = 'receiver was removed', settled_at = clock_timestamp()
    from webhooks w
    where w.name = p.webhook and p.state = 'pending' and w.application_id <> p.application_id`.execute(trx)
}
