import { type AnswerCount, answeredStatus, answersCollapsed, watchedAttempts } from '@parley/campaign'
import { sql, type Transaction } from 'kysely'
import type { Tables } from '../database/tables.ts'

interface Counts {
  readonly attempts: number
  readonly answered: number
  readonly recent: number
  readonly recentAnswered: number
}

/** Pauses a running campaign whose answers have collapsed. The caller holds its row. */
export async function watchAnswers(trx: Transaction<Tables>, campaignId: number): Promise<void> {
  const { rows } = await sql<Counts>`
    select c.attempts, c.answered_attempts as answered, r.recent, r.answered as "recentAnswered"
    from campaigns c, lateral (
      select count(*) as recent, count(*) filter (where l.status = ${answeredStatus}) as answered from (
        select a.status from campaign_attempts a
        where a.campaign_id = c.campaign_id and a.stage <> 'live' and a.ended_at >= c.watch_from
        order by a.ended_at desc limit ${watchedAttempts}
      ) l
    ) r
    where c.campaign_id = ${campaignId} and c.state = 'running' and c.attempts >= ${watchedAttempts}`.execute(trx)
  const [counts] = rows
  if (!counts) return
  const recent: AnswerCount = { attempts: counts.recent, answered: counts.recentAnswered }
  const before: AnswerCount = {
    attempts: counts.attempts - recent.attempts,
    answered: counts.answered - recent.answered,
  }
  if (answersCollapsed(recent, before)) await pauseCampaign(trx, campaignId, 'answersCollapsed')
}

/** Pauses a running campaign by itself; calls in progress go on. */
export async function pauseCampaign(
  trx: Transaction<Tables>,
  campaignId: number,
  reason: 'answersCollapsed' | 'noNumber' | 'noAgent',
): Promise<void> {
  await sql`
    update campaigns set state = 'paused', reason = ${reason}, due_at = clock_timestamp()
    where campaign_id = ${campaignId} and state = 'running'`.execute(trx)
}
