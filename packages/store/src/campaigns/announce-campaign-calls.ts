import { sql, type Transaction } from 'kysely'
import type { Tables } from '../database/tables.ts'

/** Calls of campaigns are over. Sent when the transaction commits. */
export async function announceCampaignCalls(trx: Transaction<Tables>, callIds: readonly string[]): Promise<void> {
  await sql`
    select pg_notify('parley_campaign', '') where exists (
      select 1 from campaign_attempts where call_id = any(${callIds}::uuid[])
    )`.execute(trx)
}
