import type { ApplicationId, CalleeState, CampaignProgress } from '@parley/core'
import { sql } from 'kysely'
import type { Database } from '../database/connect.ts'

interface Counted {
  readonly state: CalleeState
  readonly status: number | null
  readonly callees: number
}

/** Counts the callees of a campaign. Undefined: the application has none of this number. */
export async function campaignProgress(
  db: Database,
  applicationId: ApplicationId,
  campaignId: number,
): Promise<CampaignProgress | undefined> {
  const found = await sql<{ id: number; attempts: number; answeredAttempts: number }>`
    select campaign_id as id, attempts, answered_attempts as "answeredAttempts" from campaigns
    where number = ${campaignId}::bigint and application_id = ${applicationId}`.execute(db)
  const [campaign] = found.rows
  if (!campaign) return undefined
  const { id, ...attempts } = campaign
  const { rows } = await sql<Counted>`
    select state, last_status as status, count(*) as callees from campaign_callees
    where campaign_id = ${id} group by state, last_status`.execute(db)
  const sum = (...states: readonly CalleeState[]) =>
    rows.filter(({ state }) => states.includes(state)).reduce((total, { callees }) => total + callees, 0)
  const failed = rows.filter(({ state, status }) => state === 'unanswered' && status !== null)
  return {
    ...attempts,
    total: rows.reduce((total, { callees }) => total + callees, 0),
    waiting: sum('initial'),
    running: sum('calling'),
    answered: sum('answered'),
    retrying: sum('retrying'),
    unanswered: sum('unanswered'),
    failed: Object.fromEntries(failed.map(({ status, callees }) => [String(status), callees])),
  }
}
