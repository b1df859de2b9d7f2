import type { ApplicationId } from '@parley/core'
import { sql, type Transaction } from 'kysely'
import { phoneKey } from '../calls/phone-key.ts'
import { jsonText } from '../database/json-text.ts'
import type { Tables } from '../database/tables.ts'
import { everybody } from './stored-do-not-call.ts'

/** Numbers that the configuration declares. */
export interface DeclaredDoNotCall {
  /** Undefined: for every application. */
  readonly applicationId?: ApplicationId
  readonly numbers: readonly string[]
}

/** Makes the declared numbers those of the configuration. Numbers added by the API stay, and stay the API's. */
export async function configureDoNotCall(trx: Transaction<Tables>, lists: readonly DeclaredDoNotCall[]): Promise<void> {
  const rows = lists.flatMap(({ applicationId = everybody, numbers }) =>
    numbers.map((number) => ({ application: applicationId, number, key: phoneKey(number) })),
  )
  const declared = sql`jsonb_to_recordset(${jsonText(rows)}::jsonb) as d(application bigint, number text, key text)`
  await sql`
    delete from do_not_call l where l.declared and not exists (
      select 1 from ${declared} where d.application = l.application_id and d.key = l.number_key
    )`.execute(trx)
  await sql`
    insert into do_not_call (application_id, number_key, number, declared)
    select distinct on (d.application, d.key) d.application, d.key, d.number, true from ${declared}
    on conflict (application_id, number_key) do update set declared = true`.execute(trx)
}
