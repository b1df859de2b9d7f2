import { type ApplicationId, applicationId, callId, type DeadPush, type PushOutbox } from '@parley/core'
import { sql } from 'kysely'
import { isCallId } from '../calls/call-id-form.ts'
import { type Database, guarded } from '../database/connect.ts'

/** Bounds one transaction; who has more asks again. */
const replayedAtOnce = 10_000

/** The outbox as operators see it. */
export class StoredOutbox implements PushOutbox {
  private readonly db: Database

  constructor(db: Database) {
    this.db = db
  }

  async dead(applicationIds: readonly ApplicationId[], limit: number): Promise<readonly DeadPush[]> {
    const { rows } = await guarded(() =>
      sql<DeadRow>`
        select push_id as id, webhook, event, application_id as application, call_id as call,
          occurred_at_ms as "occurredAtMs", tries, coalesce(reason, '') as reason,
          (extract(epoch from settled_at) * 1000)::bigint as "diedAtMs"
        from pushes where state = 'dead' and application_id = any(${applicationIds}::bigint[])
        order by settled_at desc, push_id
        limit ${limit}`.execute(this.db),
    )
    return rows.map(({ application, call, ...row }) => ({
      ...row,
      applicationId: applicationId(application),
      ...(call !== null && { callId: callId(call) }),
    }))
  }

  async replay(
    webhook: string,
    applicationIds: readonly ApplicationId[],
    ids?: readonly string[],
  ): Promise<number | undefined> {
    const known = await guarded(() =>
      sql`
        select 1 from webhooks
        where name = ${webhook} and enabled and application_id = any(${applicationIds}::bigint[])`.execute(this.db),
    )
    if (known.rows.length === 0) return undefined
    const chosen = ids ? sql`and p.push_id = any(${ids.filter(isCallId)}::uuid[])` : sql``
    const { rows } = await guarded(() =>
      sql<{ revived: number }>`
        with chosen as (
          select p.push_id from pushes p join webhooks w on w.name = p.webhook and w.application_id = p.application_id
          where p.webhook = ${webhook} and p.state = 'dead' and p.application_id = any(${applicationIds}::bigint[]) ${chosen}
          order by p.settled_at
          limit ${replayedAtOnce}
          for update of p skip locked
        ), revived as (
          update pushes p set state = 'pending', tries = 0, reason = null, settled_at = null, due_at = clock_timestamp()
          from chosen where p.push_id = chosen.push_id
          returning 1
        ), told as (
          select pg_notify('parley_push', '') from revived limit 1
        )
        select (select count(*) from revived) as revived, (select count(*) from told) as told`.execute(this.db),
    )
    return rows[0]?.revived ?? 0
  }
}

interface DeadRow {
  readonly id: string
  readonly webhook: string
  readonly event: DeadPush['event']
  readonly application: number
  readonly call: string | null
  readonly occurredAtMs: number
  readonly tries: number
  readonly reason: string
  readonly diedAtMs: number
}
