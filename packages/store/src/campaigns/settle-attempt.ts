import { answeredStatus, judgeAttempt, matchingTriggers } from '@parley/campaign'
import type { CallOutcome, CallTag, CampaignPlan, CampaignTrigger } from '@parley/core'
import { sql, type Transaction } from 'kysely'
import type { Database } from '../database/connect.ts'
import type { Tables } from '../database/tables.ts'
import { tagsOf } from './call-tags.ts'
import { finishOrGoOn } from './finish-campaign.ts'
import { forgetAttempt, type LockedAttempt, lockAttempt, preventCall } from './give-back.ts'
import type { OverdueAttempt } from './overdue-attempts.ts'
import { queueCallbacks } from './queue-callbacks.ts'
import { watchAnswers } from './watch-answers.ts'

/** End status of the public API. */
export type StatusOf = (outcome: CallOutcome, wasAnswered: boolean) => number

interface Rules {
  readonly plan: CampaignPlan
  readonly triggers: readonly Pick<CampaignTrigger, 'statuses' | 'tags' | 'oncePerNumber'>[]
  readonly fired: readonly number[]
}

/** What an ended call leaves for the campaign, once it is known. */
interface Ended {
  readonly status: number
  readonly endedAtMs: number
  readonly tags?: readonly CallTag[]
}

/** Draws the consequences of one attempt: callee, counters, callbacks, state. Does nothing when somebody else did. */
export async function settleAttempt(db: Database, overdue: OverdueAttempt, statusOf: StatusOf): Promise<void> {
  const { campaignId, callId, stage, call, outcome, result } = overdue
  await db.transaction().execute(async (trx) => {
    const attempt = await lockAttempt(trx, campaignId, callId, stage)
    if (!attempt) return
    if (stage === 'finding' && call === 'missing') {
      // Erased before anything was found out of it: its end counts as it was.
      await sql`update campaign_attempts set stage = 'settled' where call_id = ${callId}`.execute(trx)
      return finishOrGoOn(trx, campaignId)
    }
    if (call !== 'closed' || !outcome) {
      if (call === 'refused' || (await preventCall(trx, callId))) await forgetAttempt(trx, campaignId, callId, attempt)
      return
    }
    const rules = await rulesOf(trx, campaignId, attempt.position)
    const status = statusOf(outcome, overdue.wasAnswered)
    const tags = result ? tagsOf(result) : undefined
    const ended = { status, endedAtMs: overdue.endedAtMs ?? 0, ...(tags && { tags }) }
    if (stage === 'live') await endCall(trx, overdue, attempt, rules, ended)
    else await addFindings(trx, overdue, attempt, rules, ended)
    await queueCallbacks(trx, callId, matchingTriggers(rules.triggers, { ...ended, fired: rules.fired }))
    await finishOrGoOn(trx, campaignId)
  })
}

async function endCall(
  trx: Transaction<Tables>,
  { campaignId, callId, isPending }: OverdueAttempt,
  attempt: LockedAttempt,
  { plan, triggers }: Rules,
  ended: Ended,
): Promise<void> {
  const tries = attempt.tries + 1
  const verdict = verdictOf(plan, attempt, tries, ended)
  const asksForTags = plan.retryTags.length > 0 || triggers.some(({ tags }) => tags.length > 0)
  await sql`
    update campaign_attempts set stage = ${isPending && asksForTags ? 'finding' : 'settled'}, status = ${ended.status},
      ended_at = clock_timestamp()
    where call_id = ${callId}`.execute(trx)
  await sql`
    update campaign_callees set state = ${verdict.state}, tries = ${tries}, last_status = ${ended.status},
      due_at = to_timestamp(${(verdict.dueAtMs ?? 0) / 1_000}::float8)
    where campaign_id = ${campaignId} and position = ${attempt.position}`.execute(trx)
  await sql`
    update campaigns set attempts = attempts + 1,
      answered_attempts = answered_attempts + ${ended.status === answeredStatus ? 1 : 0}
    where campaign_id = ${campaignId}`.execute(trx)
  await watchAnswers(trx, campaignId)
}

/** What was found out after a call can make a callee be called again, who until then has answered. */
async function addFindings(
  trx: Transaction<Tables>,
  { campaignId, callId }: OverdueAttempt,
  attempt: LockedAttempt,
  { plan }: Rules,
  ended: Ended,
): Promise<void> {
  const verdict = verdictOf(plan, attempt, attempt.tries, ended)
  await sql`update campaign_attempts set stage = 'settled' where call_id = ${callId}`.execute(trx)
  if (verdict.state !== 'retrying' || ended.status !== answeredStatus) return
  await sql`
    update campaign_callees set state = 'retrying', due_at = to_timestamp(${(verdict.dueAtMs ?? 0) / 1_000}::float8)
    where campaign_id = ${campaignId} and position = ${attempt.position} and state = 'answered'`.execute(trx)
}

function verdictOf(plan: CampaignPlan, { state }: LockedAttempt, tries: number, ended: Ended) {
  const isOver = state === 'ending' || state === 'ended'
  return judgeAttempt(isOver ? { ...plan, tries: 0 } : plan, { ...ended, tries })
}

async function rulesOf(trx: Transaction<Tables>, campaignId: number, position: number): Promise<Rules> {
  const { rows } = await sql<Rules>`
    select c.plan, c.triggers, k.fired from campaigns c
    join campaign_callees k on k.campaign_id = c.campaign_id and k.position = ${position}
    where c.campaign_id = ${campaignId}`.execute(trx)
  const [rules] = rows
  if (!rules) throw new Error('a callee is gone while his campaign is locked')
  return rules
}
