import { applicationId, callId, type DuePush, type PushResult, type PushRoute } from '@parley/core'
import { sql } from 'kysely'
import type { Database } from '../database/connect.ts'

/** Time beyond that of a try after which its engine is taken for dead. */
const leaseMarginMs = 15_000

/** Which of these receivers have a push whose time has come. */
export async function dueWebhooks(db: Database, webhooks: readonly string[]): Promise<ReadonlySet<string>> {
  if (webhooks.length === 0) return new Set()
  const { rows } = await sql<{ name: string }>`
    select w.name from webhooks w
    where w.enabled and w.name = any(${webhooks}::text[]) and exists (
      select 1 from pushes p where p.webhook = w.name and p.state = 'pending' and p.due_at <= clock_timestamp()
    )`.execute(db)
  return new Set(rows.map(({ name }) => name))
}

/**
 * Takes up to `limit` pushes of a receiver whose time has come, the oldest first; none if its settings have changed. Until its lease is over nobody else has
 * them; an engine that dies meanwhile has used up the try, and the push is due again with the same id.
 */
export async function claimPushes(
  db: Database,
  { name: webhook, timeoutMs, version }: Pick<PushRoute, 'name' | 'timeoutMs' | 'version'>,
  limit: number,
): Promise<readonly DuePush[]> {
  const { rows } = await sql<ClaimedRow>`
    with due as (
      select p.push_id from pushes p join webhooks w on w.name = p.webhook and w.application_id = p.application_id
      where p.webhook = ${webhook} and w.enabled and w.version = coalesce(${version ?? null}::integer, w.version)
        and p.state = 'pending' and p.due_at <= clock_timestamp()
      order by p.due_at
      limit ${limit}
      for update of p skip locked
    )
    update pushes p
    set tries = p.tries + 1, tried_at = clock_timestamp(),
      due_at = clock_timestamp() + make_interval(secs => ${(timeoutMs + leaseMarginMs) / 1_000}::float8)
    from due where p.push_id = due.push_id
    returning p.push_id as id, p.event, p.application_id as application, p.call_id as call,
      p.occurred_at_ms as "occurredAtMs", p.tries as "tryNumber"`.execute(db)
  return rows.map(
    ({ application, call, ...row }) =>
      ({
        ...row,
        webhook,
        applicationId: applicationId(application),
        ...(call !== null && { callId: callId(call) }),
      }) as DuePush,
  )
}

interface ClaimedRow {
  readonly id: string
  readonly event: DuePush['event']
  readonly application: number
  readonly call: string | null
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
  const status = result.status ?? null
  if (result.kind === 'delivered') {
    await sql`
      update pushes set state = 'delivered', reason = null, status = ${status}, settled_at = clock_timestamp()
      where ${mine}`.execute(db)
  } else if (retryAfterMs === undefined) {
    await sql`
      update pushes set state = 'dead', reason = ${result.reason}, status = ${status}, settled_at = clock_timestamp()
      where ${mine}`.execute(db)
  } else {
    await sql`
      update pushes set reason = ${result.reason}, status = ${status},
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

/**
 * Deletes pushes that were settled more than 30 days ago, and what is left of removed webhooks then. A push that came in
 * while its receiver was switched off or removed is dead.
 */
export async function forgetPushes(db: Database): Promise<void> {
  await sql`
    delete from pushes where push_id in (
      select push_id from pushes
      where state <> 'pending' and settled_at < clock_timestamp() - make_interval(days => ${keptDays})
      limit ${rowsPerRun}
      for update skip locked
    )`.execute(db)
  await sql`
    update pushes p set state = 'dead', reason = 'receiver was removed', settled_at = clock_timestamp()
    from webhooks w where w.name = p.webhook and not w.enabled and p.state = 'pending'`.execute(db)
  await sql`
    delete from webhooks w
    where w.origin = 'api' and w.removed_at < clock_timestamp() - make_interval(days => ${keptDays})
      and not exists (select 1 from pushes p where p.webhook = w.name)`.execute(db)
}
