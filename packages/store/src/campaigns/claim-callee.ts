import { type CampaignStep, closing, mergeCallee, nextStep } from '@parley/campaign'
import { applicationId, type Calendar, type CallId, type CampaignAttempt, type CampaignCallee } from '@parley/core'
import { sql, type Transaction } from 'kysely'
import type { Database } from '../database/connect.ts'
import type { Tables } from '../database/tables.ts'
import { isSwitchedOff } from '../management/is-switched-off.ts'
import { type CampaignRow, campaignColumns, instant, nowMs } from './campaign-rows.ts'
import { giveUpRetries } from './finish-campaign.ts'

export type CalleeClaim =
  | { readonly kind: 'claimed'; readonly attempt: CampaignAttempt }
  /** The campaign that was due cannot go on now. Look again. */
  | { readonly kind: 'nothing' }
  /** No campaign is due. `nextDueMs`: ms until one is. */
  | { readonly kind: 'idle'; readonly nextDueMs: number | undefined }

export interface ClaimOptions {
  /** Of the call to be made. */
  readonly callId: CallId
  readonly calendar: Calendar
  /** Campaigns that have enough placements under way in this process. */
  readonly except: readonly number[]
}

/** A callee who is in another campaign's call is looked at again after this. Taste. */
const busyElsewhereS = 30

interface Held extends CampaignRow {
  readonly nowMs: number
}

/**
 * Takes the next callee of the campaign that has waited longest, so that campaigns take turns. Those of applications that are
 * switched off wait.
 *
 * The order of the statements is the point, as for trunks: the first locks the campaign's row, and only then the second
 * counts its calls. All instants are the database's.
 */
export async function claimCallee(db: Database, options: ClaimOptions): Promise<CalleeClaim> {
  return db.transaction().execute(async (trx) => {
    const locked = await sql<Held>`
      select ${campaignColumns}, ${nowMs} as "nowMs" from campaigns c
      where c.state in ('initial', 'running', 'paused') and c.due_at <= clock_timestamp()
        and not c.campaign_id = any(${options.except}::bigint[]) and not ${isSwitchedOff(sql`c.application_id`)}
      order by c.due_at
      for update skip locked
      limit 1`.execute(trx)
    const campaign = locked.rows[0]
    if (!campaign) return { kind: 'idle', nextDueMs: await nextDue(trx, options.except) }
    const counted = await sql<{ live: number }>`
      select count(*) as live from campaign_attempts
      where campaign_id = ${campaign.campaignId} and stage = 'live'`.execute(trx)
    const liveCalls = counted.rows[0]?.live ?? 0
    const { notAfterMs, ...moment } = campaign
    const step = nextStep({ ...moment, ...(notAfterMs === null ? {} : { notAfterMs }), liveCalls }, options.calendar)
    if (step.kind !== 'dial') {
      await obey(trx, campaign.campaignId, step, liveCalls)
      return { kind: 'nothing' }
    }
    const attempt = await takeCallee(trx, campaign, options.callId)
    return attempt ? { kind: 'claimed', attempt } : { kind: 'nothing' }
  })
}

/** When no campaign may dial now. The end of a call makes a full one due. */
async function obey(
  trx: Transaction<Tables>,
  campaignId: number,
  step: Exclude<CampaignStep, { readonly kind: 'dial' }>,
  liveCalls: number,
): Promise<void> {
  if (step.kind === 'expire') {
    await giveUpRetries(trx, campaignId)
    await sql`
      update campaigns set state = ${closing(liveCalls)}, reason = 'expired' where campaign_id = ${campaignId}`.execute(
      trx,
    )
    return
  }
  const untilMs = step.kind === 'wait' ? step.untilMs : undefined
  await sql`
    update campaigns set due_at = ${instant(untilMs)},
      state = case when state = 'initial' and not_before <= clock_timestamp() then 'running' else state end
    where campaign_id = ${campaignId}`.execute(trx)
}

interface Picked {
  readonly position: number
  readonly callee: string
  readonly key: string
  readonly own: Pick<CampaignCallee, 'variables' | 'uui'> | null
}

/** Who is due to be called again goes before whom nobody called yet. */
async function takeCallee(
  trx: Transaction<Tables>,
  campaign: CampaignRow,
  callId: CallId,
): Promise<CampaignAttempt | undefined> {
  const { campaignId, application, agentId, plan } = campaign
  const picked = (await pick(trx, campaignId, 'retrying')) ?? (await pick(trx, campaignId, 'initial'))
  if (!picked) {
    await waitForCallees(trx, campaignId)
    return undefined
  }
  const { position, callee, key, own } = picked
  const begun = await sql`
    insert into campaign_attempts (call_id, campaign_id, position, application_id, callee_key)
    values (${callId}, ${campaignId}, ${position}, ${application}, ${key})
    on conflict do nothing returning 1`.execute(trx)
  const isOurs = begun.rows.length > 0
  await sql`
    update campaign_callees set
      state = case when ${isOurs}::boolean then 'calling' else state end,
      due_at = case when ${isOurs}::boolean then due_at
        else clock_timestamp() + make_interval(secs => ${busyElsewhereS}::float8) end
    where campaign_id = ${campaignId} and position = ${position}`.execute(trx)
  // To the end of the line of campaigns.
  await sql`
    update campaigns set due_at = clock_timestamp(), state = 'running' where campaign_id = ${campaignId}`.execute(trx)
  if (!isOurs) return undefined
  return {
    callId,
    applicationId: applicationId(application),
    campaignId,
    agentId,
    callee,
    plan,
    ...mergeCallee(plan, own ?? {}),
  }
}

async function pick(
  trx: Transaction<Tables>,
  campaignId: number,
  state: 'retrying' | 'initial',
): Promise<Picked | undefined> {
  const { rows } = await sql<Picked>`
    select position, callee, callee_key as key, own from campaign_callees
    where campaign_id = ${campaignId} and state = ${sql.lit(state)} and due_at <= clock_timestamp()
    order by due_at, position
    limit 1
    for update`.execute(trx)
  return rows[0]
}

/** Nobody is due: until the next callee is, or until a call is over; finished when there is neither. */
async function waitForCallees(trx: Transaction<Tables>, campaignId: number): Promise<void> {
  await sql`
    with ahead as (
      select least(
        (select min(due_at) from campaign_callees where campaign_id = ${campaignId} and state = 'initial'),
        (select min(due_at) from campaign_callees where campaign_id = ${campaignId} and state = 'retrying')) as due_at
    ), open as (
      select exists (
        select 1 from campaign_attempts where campaign_id = ${campaignId} and stage <> 'settled') as calls
    )
    update campaigns c set due_at = coalesce(ahead.due_at, 'infinity'),
      state = case when ahead.due_at is null and not open.calls then 'finished' else 'running' end
    from ahead, open where c.campaign_id = ${campaignId}`.execute(trx)
}

async function nextDue(trx: Transaction<Tables>, except: readonly number[]): Promise<number | undefined> {
  const { rows } = await sql<{ ms: number | null }>`
    select (extract(epoch from min(due_at) - clock_timestamp()) * 1000)::float8 as ms from campaigns c
    where state in ('initial', 'running', 'paused') and due_at < 'infinity'
      and not campaign_id = any(${except}::bigint[]) and not ${isSwitchedOff(sql`c.application_id`)}`.execute(trx)
  return rows[0]?.ms ?? undefined
}
