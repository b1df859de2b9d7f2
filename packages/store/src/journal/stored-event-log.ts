import {
  type ApplicationId,
  type CallEvent,
  type CallEventBody,
  type CallEventLog,
  type CallId,
  callId,
  type EventPosition,
} from '@parley/core'
import { sql } from 'kysely'
import { isCallId } from '../calls/call-id-form.ts'
import { type Database, guarded } from '../database/connect.ts'

/** Follows the events of calls in the database. Every query goes by indexes and is bounded, whatever the number of old calls. */
export class StoredEventLog implements CallEventLog {
  private readonly db: Database

  constructor(db: Database) {
    this.db = db
  }

  async positions(owner: ApplicationId, sinceMs: number, atMs: number): Promise<Map<CallId, EventPosition>> {
    const { rows } = await guarded(() =>
      sql<{ id: string; seq: number; endedAtMs: number | null }>`
        select c.call_id as id, last.seq, c.ended_at_ms as "endedAtMs"
        from (${recentCalls(owner, sinceMs)}) as f
        join calls c on c.call_id = f.call_id and c.stage <> 'refused'
        cross join lateral (
          select max(e.seq) as seq from call_events e where e.call_id = c.call_id and e.wall_ms < ${Math.floor(atMs)}
        ) as last
        where last.seq is not null`.execute(this.db),
    )
    return new Map(
      rows.map(({ id, seq, endedAtMs }) => [callId(id), { seq, ...(endedAtMs === null ? {} : { endedAtMs }) }]),
    )
  }

  async after(query: Parameters<CallEventLog['after']>[0]): Promise<readonly CallEvent[]> {
    const { applicationId, positions, sinceMs, limit } = query
    if (query.callId !== undefined && !isCallId(query.callId)) return []
    const ids = [...positions.keys()]
    const seqs = ids.map((id) => positions.get(id)?.seq ?? -1)
    const followed =
      query.callId === undefined
        ? sql`${recentCalls(applicationId, sinceMs)} union select unnest(${ids}::uuid[])`
        : sql`select ${query.callId}::uuid as call_id`
    const { rows } = await guarded(() =>
      sql<{ id: string; seq: number; wallMs: number; body: CallEventBody }>`
        select c.call_id as id, e.seq, e.wall_ms as "wallMs", e.body
        from (${followed}) as f
        join calls c on c.call_id = f.call_id and c.application_id = ${applicationId} and c.stage <> 'refused'
        left join unnest(${ids}::uuid[], ${seqs}::int[]) as p(id, seq) on p.id = c.call_id
        cross join lateral (
          select seq, wall_ms, body from call_events
          where call_id = c.call_id and seq > coalesce(p.seq, -1) and type <> 'signalling.messages'
          order by seq limit ${limit}
        ) as e
        order by c.call_id, e.seq limit ${limit}`.execute(this.db),
    )
    return rows.map(({ id, ...event }) => ({ callId: callId(id), ...event }))
  }
}

/** Ids of calls in progress and of those created lately. Apart, so that each part goes by its index. */
const recentCalls = (owner: ApplicationId, sinceMs: number) => sql`
  select call_id from calls where application_id = ${owner} and stage in ('claimed', 'sent')
  union select call_id from calls
    where application_id = ${owner} and stage <> 'refused' and created_at_ms >= ${Math.floor(sinceMs)}`
