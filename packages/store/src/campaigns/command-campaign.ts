import { afterCommand } from '@parley/campaign'
import type { ApplicationId, CampaignCommand, CampaignState } from '@parley/core'
import { sql } from 'kysely'
import type { Database } from '../database/connect.ts'
import { nowMs } from './campaign-rows.ts'
import { giveUpRetries } from './finish-campaign.ts'

interface Held {
  readonly id: number
  readonly state: CampaignState
  readonly notBeforeMs: number
}

/** Pauses, resumes or stops a campaign. Undefined: the application has none of this number. */
export async function commandCampaign(
  db: Database,
  applicationId: ApplicationId,
  campaignId: number,
  command: CampaignCommand,
): Promise<'done' | 'wrongState' | undefined> {
  return db.transaction().execute(async (trx) => {
    const held = await sql<Held>`
      select campaign_id as id, state, (extract(epoch from not_before) * 1000)::bigint as "notBeforeMs" from campaigns
      where number = ${campaignId}::bigint and application_id = ${applicationId} for update`.execute(trx)
    const [row] = held.rows
    if (!row) return undefined
    const counted = await sql<{ live: number; now: number }>`
      select count(*) as live, ${nowMs} as now from campaign_attempts
      where campaign_id = ${row.id} and stage = 'live'`.execute(trx)
    const { live = 0, now = 0 } = counted.rows[0] ?? {}
    const state = afterCommand(row.state, command, { notBeforeMs: row.notBeforeMs, nowMs: now, liveCalls: live })
    if (!state) return 'wrongState'
    if (command === 'stop') await giveUpRetries(trx, row.id)
    await sql`
      update campaigns set state = ${state}, reason = ${command === 'resume' ? null : 'request'},
        due_at = clock_timestamp(), watch_from = clock_timestamp()
      where campaign_id = ${row.id}`.execute(trx)
    await sql`select pg_notify('parley_campaign', '')`.execute(trx)
    return 'done'
  })
}
