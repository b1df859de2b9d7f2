import type { AfterCallResult, CallOutcome } from '@parley/core'
import { sql } from 'kysely'
import type { Database } from '../database/connect.ts'

/** An attempt that something has to be done about. */
export interface OverdueAttempt {
  readonly callId: string
  readonly campaignId: number
  readonly stage: 'live' | 'finding'
  /** `missing`: whoever was to make the call has not made it. */
  readonly call: 'closed' | 'refused' | 'missing'
  readonly outcome: CallOutcome | null
  readonly wasAnswered: boolean
  readonly endedAtMs: number | null
  /** What the call's model was asked has no answer yet. */
  readonly isPending: boolean
  readonly result: AfterCallResult | null
}

/**
 * Time in which a claimed attempt must have become a call: much longer than the intake lets anybody wait. An engine that
 * takes longer is taken for dead; should it live, its call is refused.
 */
const leaseS = 60
const attemptsAtOnce = 100

/** Attempts whose call is over, was refused or never made, the oldest first. Nothing is locked. */
export async function overdueAttempts(db: Database): Promise<readonly OverdueAttempt[]> {
  const { rows } = await sql<OverdueAttempt>`
    select a.call_id as "callId", a.campaign_id as "campaignId", a.stage, coalesce(c.stage, 'missing') as call, c.outcome,
      c.answered_at_ms is not null as "wasAnswered", c.ended_at_ms as "endedAtMs",
      coalesce(j.state = 'pending', false) as "isPending", j.result
    from campaign_attempts a
    left join calls c on c.call_id = a.call_id
    left join call_jobs j on j.call_id = a.call_id
    where a.stage = 'live' and (c.stage in ('closed', 'refused')
        or c.call_id is null and a.begun_at < clock_timestamp() - make_interval(secs => ${leaseS}::float8))
      or a.stage = 'finding' and j.state is distinct from 'pending'
    order by a.begun_at
    limit ${attemptsAtOnce}`.execute(db)
  return rows
}
