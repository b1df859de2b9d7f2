import { callId, type Delivery, type DeliveryPlace } from '@parley/core'
import { sql } from 'kysely'
import { type Database, guarded } from '../database/connect.ts'

/** Pushes of a receiver, the latest first, each with its last try. What they said is not kept. */
export async function deliveriesOf(
  db: Database,
  webhook: string,
  after: DeliveryPlace | undefined,
  limit: number,
): Promise<readonly Delivery[]> {
  const rest = after
    ? sql`and (occurred_at_ms < ${after.occurredAtMs}
        or (occurred_at_ms = ${after.occurredAtMs} and push_id > ${after.id}::uuid))`
    : sql``
  const { rows } = await guarded(() =>
    sql<DeliveryRow>`
      select push_id as id, event, call_id as call, state, tries, occurred_at_ms as "occurredAtMs", status, reason,
        (extract(epoch from tried_at) * 1000)::bigint as "triedAtMs",
        case when state = 'pending' then (extract(epoch from due_at) * 1000)::bigint end as "dueAtMs"
      from pushes where webhook = ${webhook} ${rest}
      order by occurred_at_ms desc, push_id
      limit ${limit}`.execute(db),
  )
  return rows.map(({ id, event, call, state, tries, occurredAtMs, status, reason, triedAtMs, dueAtMs }) => ({
    id,
    event,
    state,
    tries,
    occurredAtMs,
    ...(call !== null && { callId: callId(call) }),
    ...(status !== null && { status }),
    ...(reason !== null && { reason }),
    ...(triedAtMs !== null && { triedAtMs }),
    ...(dueAtMs !== null && { dueAtMs }),
  }))
}

interface DeliveryRow {
  readonly id: string
  readonly event: Delivery['event']
  readonly call: string | null
  readonly state: Delivery['state']
  readonly tries: number
  readonly occurredAtMs: number
  readonly status: number | null
  readonly reason: string | null
  readonly triedAtMs: number | null
  readonly dueAtMs: number | null
}
