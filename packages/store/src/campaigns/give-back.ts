import { sql, type Transaction } from 'kysely'
import type { Tables } from '../database/tables.ts'
import { finishOrGoOn } from './finish-campaign.ts'

/** Of an attempt, seen under the lock of its campaign. */
export interface LockedAttempt {
  readonly position: number
  readonly tries: number
  readonly state: 'initial' | 'running' | 'finished' | 'ending' | 'ended' | 'paused'
}

/** Locks the campaign, then looks whether the attempt still is in the stage; undefined: somebody else was faster. */
export async function lockAttempt(
  trx: Transaction<Tables>,
  campaignId: number,
  callId: string,
  stage: 'live' | 'finding',
): Promise<LockedAttempt | undefined> {
  const held = await sql<Pick<LockedAttempt, 'state'>>`
    select state from campaigns where campaign_id = ${campaignId} for update`.execute(trx)
  const found = await sql<Omit<LockedAttempt, 'state'>>`
    select a.position, k.tries from campaign_attempts a
    join campaign_callees k on k.campaign_id = a.campaign_id and k.position = a.position
    where a.call_id = ${callId} and a.stage = ${stage}
    for update of a`.execute(trx)
  const [campaign] = held.rows
  const [attempt] = found.rows
  return campaign && attempt && { ...attempt, ...campaign }
}

/**
 * Takes back an attempt that no call came of. The callee's turn comes again, no try is used up. `atMs`: not before this;
 * `pauseMs`: nobody of the campaign before this.
 */
export async function forgetAttempt(
  trx: Transaction<Tables>,
  campaignId: number,
  callId: string,
  { position, tries, state }: LockedAttempt,
  { atMs, pauseMs = 0 }: { readonly atMs?: number; readonly pauseMs?: number } = {},
): Promise<void> {
  const waiting = tries === 0 ? 'initial' : state === 'ending' || state === 'ended' ? 'unanswered' : 'retrying'
  await sql`delete from campaign_attempts where call_id = ${callId}`.execute(trx)
  await sql`
    update campaign_callees set state = ${waiting}, due_at = ${
      atMs === undefined ? sql`clock_timestamp()` : sql`to_timestamp(${atMs / 1_000}::float8)`
    }
    where campaign_id = ${campaignId} and position = ${position}`.execute(trx)
  await finishOrGoOn(trx, campaignId, pauseMs)
}

/**
 * Makes sure that no call of this id can be made any more, should the engine that had the attempt be alive after all:
 * occupies the id with a refused call. False: there is a call.
 */
export async function preventCall(trx: Transaction<Tables>, callId: string): Promise<boolean> {
  const { rows } = await sql`
    insert into calls (call_id, application_id, direction, stage, callee, callee_key, candidates, state, created_at_ms)
    select a.call_id, a.application_id, 'outbound', 'refused', k.callee, a.callee_key, '[]', 'created',
      (extract(epoch from clock_timestamp()) * 1000)::bigint
    from campaign_attempts a
    join campaign_callees k on k.campaign_id = a.campaign_id and k.position = a.position
    where a.call_id = ${callId}
    on conflict do nothing
    returning 1`.execute(trx)
  return rows.length > 0
}
