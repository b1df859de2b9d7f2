import type { PushRoute, WebhookFormat } from '@parley/core'
import { sql, type Transaction } from 'kysely'
import { jsonText } from '../database/json-text.ts'
import type { Tables } from '../database/tables.ts'

/** A receiver of the configuration. Its secret stays there. */
export interface DeclaredWebhook extends Pick<PushRoute, 'name' | 'applicationId' | 'events' | 'timeoutMs'> {
  readonly url?: string
  readonly format?: WebhookFormat
  /** Of HTTP Basic. */
  readonly username?: string
}

/**
 * Makes the declared receivers those of the configuration. One that is gone is switched off; what still waits for it is
 * dead, and may be replayed when the receiver is back.
 */
export async function configureWebhooks(trx: Transaction<Tables>, declared: readonly DeclaredWebhook[]): Promise<void> {
  const rows = declared.map(({ name, applicationId, events, url, format, timeoutMs, username }) => ({
    name,
    application_id: applicationId,
    events,
    settings: { url, format, timeoutMs, username },
  }))
  await sql`
    insert into webhooks (name, origin, application_id, events, title, settings)
    select name, 'file', application_id, events, name, settings
    from jsonb_to_recordset(${jsonText(rows)}::jsonb)
      as w(name text, application_id bigint, events text[], settings jsonb)
    on conflict (name) do update
      set origin = 'file', enabled = true, removed_at = null, sealed = null, sealed_before = null,
        application_id = excluded.application_id, events = excluded.events, title = excluded.title,
        settings = excluded.settings`.execute(trx)
  await sql`
    with gone as (
      update webhooks set enabled = false, removed_at = clock_timestamp()
      where origin = 'file' and enabled and not name = any(${rows.map(({ name }) => name)}::text[])
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
