import { sql, type Transaction } from 'kysely'
import type { Tables } from '../database/tables.ts'

/** What a deleted agent said, its sealed secrets too, is gone. Calls keep its name in their own rows. */
export async function deleteVersionsOfDeleted(trx: Transaction<Tables>): Promise<void> {
  await sql`
    delete from agent_versions v using agents a
    where a.application_id = v.application_id and a.agent_id = v.agent_id and a.deleted_at is not null`.execute(trx)
}
