import { sql, type Transaction } from 'kysely'
import type { Tables } from '../database/tables.ts'

/**
 * After an attempt is over: ends a campaign that waited for its last call, finishes one that has nobody left to call, and
 * lets any other look for its next callee after `pauseMs`. The caller holds the campaign's row.
 */
export async function finishOrGoOn(trx: Transaction<Tables>, campaignId: number, pauseMs = 0): Promise<void> {
  await sql`
    update campaigns c set
      state = case
        when c.state = 'ending' and not exists (
          select 1 from campaign_attempts a where a.campaign_id = c.campaign_id and a.stage = 'live') then 'ended'
        when c.state = 'running' and not exists (
          select 1 from campaign_callees k where k.campaign_id = c.campaign_id and k.state in ('initial', 'retrying'))
          and not exists (
          select 1 from campaign_attempts a where a.campaign_id = c.campaign_id and a.stage <> 'settled') then 'finished'
        else c.state end,
      due_at = case when c.state <> 'running' then c.due_at
        when ${pauseMs}::float8 > 0 then clock_timestamp() + make_interval(secs => ${pauseMs / 1_000}::float8)
        else least(c.due_at, clock_timestamp()) end
    where c.campaign_id = ${campaignId}`.execute(trx)
}

/** Whoever was to be called again will not be: the campaign is over. */
export async function giveUpRetries(trx: Transaction<Tables>, campaignId: number): Promise<void> {
  await sql`
    update campaign_callees set state = case last_status when 1 then 'answered' else 'unanswered' end
    where campaign_id = ${campaignId} and state = 'retrying'`.execute(trx)
}
