import { applicationId, callId, type DuePush, type PushResult } from '@parley/core'
import { sql } from 'kysely'
import type { Database } from '../database/connect.ts'

/** Time beyond that of a try after which its engine is taken for dead. */
const leaseMarginMs = 15_000

/**
 * Takes up to `limit` pushes of a receiver whose time has come, the oldest first. Until its lease is over nobody else has
 * them; an engine that dies meanwhile has used up the try, and the push is due again with the same id.
 */
export async function claimPushes(
  db: Database,
  webhook: string,
  timeoutMs: number,
  limit: number,
): Promise<readonly DuePush[]> {
  const { rows } = await sql<ClaimedRow>`
    with due as (
      select p.push_id from pushes p join webhooks w on w.name = p.webhook and w.application_id = p.application_id
      where p.webhook = ${webhook} and p.state = 'pending' and p.due_at <= clock_timestamp()
      order by p.due_at
      limit ${limit}
      for update of p skip locked
    )
    update pushes p
    set tries = p.tries + 1,
      due_at = clock_timestamp() + make_interval(secs => ${(timeoutMs + leaseMarginMs) / 1_000}::float8)
    from due where p.push_id = due.push_id
    returning p.push_id as id, p.event, p.application_id as application, p.call_id as call,
      p.occurred_at_ms as "occurredAtMs", p.tries as "tryNumber"`.execute(db)
  return rows.map(
    ({ application, call, ...row }) =>
      ({ ...row, webhook, applicationId: applicationId(application), callId: callId(call) }) as DuePush,
  )
}

interface ClaimedRow {
  readonly id: string
  readonly event: DuePush['event']
  readonly application: number
  readonly call: string
  readonly occurredAtMs: number
  readonly tryNumber: number
}

/**
 * Writes down how a try went. `retryAfterMs`: wait before the next one; undefined: there is none. Does nothing when the
 * lease was over and somebody else has the push.
 */
export async function settlePush(
  db: Database,
  { id, tryNumber }: Pick<DuePush, 'id' | 'tryNumber'>,
  result: PushResult,
  retryAfterMs: number | undefined,
): Promise<void> {
  const mine = sql`push_id = ${id} and tries = ${tryNumber} and state = 'pending'`
  if (result.kind === 'delivered') {
    await sql`
      update pushes set state = 'delivered', reason = null, settled_at = clock_timestamp() where ${mine}`.execute(db)
  } else if (retryAfterMs === undefined) {
    await sql`
      update pushes set state = 'dead', reason = ${result.reason}, settled_at = clock_timestamp()
      where ${mine}`.execute(db)
  } else {
    await sql`
      update pushes set reason = ${result.reason},
        due_at = clock_timestamp() + make_interval(secs => ${retryAfterMs / 1_000}::float8)
      where ${mine}`.execute(db)
  }
}

/** Gives a try back that was not made because the engine stops. */
export async function returnPush(db: Database, { id, tryNumber }: Pick<DuePush, 'id' | 'tryNumber'>): Promise<void> {
  await sql`
    update pushes set tries = tries - 1, due_at = clock_timestamp()
    where push_id = ${id} and tries = ${tryNumber} and state = 'pending'`.execute(db)
}

const keptDays = 30
const rowsPerRun = 1_000

/** Deletes pushes that were settled more than 30 days ago. */
export async function forgetPushes(db: Database): Promise<void> {
  await sql`
    delete from pushes where push_id in (
      select push_id from pushes
      where state <> 'pending' and settled_at < clock_timestamp() - make_interval(days => ${keptDays})
      limit ${rowsPerRun}
      for update skip locked
    )`.execute(db)
}
