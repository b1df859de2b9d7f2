import type { ApplicationId, Role } from '@parley/core'
import { sql, type Transaction } from 'kysely'
import { jsonText } from '../database/json-text.ts'
import type { Tables } from '../database/tables.ts'

/** An application of the configuration. The secrets of its keys stay there. */
export interface ApplicationConfiguration {
  readonly applicationId: ApplicationId
  readonly name?: string
  readonly keys?: readonly { readonly secretId: string; readonly role?: Role }[]
}

/**
 * Makes declared applications and keys those of the configuration. A key that is gone is deleted. An application that is
 * gone is switched off and no longer declared: calls refer to it, and its id must not become somebody else's.
 */
export async function configureApplications(
  trx: Transaction<Tables>,
  applications: readonly ApplicationConfiguration[],
): Promise<void> {
  const rows = applications.map(({ applicationId, name = '' }) => ({ application_id: applicationId, name }))
  const keys = applications.flatMap(({ applicationId, keys: own = [] }) =>
    own.map(({ secretId, role = 'admin' }) => ({ secret_id: secretId, application_id: applicationId, role })),
  )
  await sql`
    insert into applications (application_id, name, declared)
    select application_id, name, true from jsonb_to_recordset(${jsonText(rows)}::jsonb) as a(application_id bigint, name text)
    on conflict (application_id) do update
      set declared = true, enabled = true, name = excluded.name, version = applications.version + 1
      where (applications.declared, applications.enabled, applications.name) is distinct from (true, true, excluded.name)
  `.execute(trx)
  await sql`
    update applications set declared = false, enabled = false, version = version + 1
    where declared and not application_id = any(${rows.map((row) => row.application_id)}::bigint[])`.execute(trx)
  await sql`
    delete from api_keys
    where declared and not secret_id = any(${keys.map((key) => key.secret_id)}::text[])`.execute(trx)
  await sql`
    insert into api_keys (secret_id, application_id, role, declared)
    select distinct on (secret_id) secret_id, application_id, role, true
    from jsonb_to_recordset(${jsonText(keys)}::jsonb) as k(secret_id text, application_id bigint, role text)
    on conflict (secret_id) do update
      set application_id = excluded.application_id, role = excluded.role, declared = true, enabled = true,
        sealed = null, expires_at = null, version = api_keys.version + 1
      where (api_keys.application_id, api_keys.role, api_keys.declared)
        is distinct from (excluded.application_id, excluded.role, true)`.execute(trx)
  await sql`select pg_notify('parley_settings', '')`.execute(trx)
}
