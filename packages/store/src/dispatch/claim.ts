import type { Clock } from '@parley/core'
import { sql } from 'kysely'
import type { Database } from '../database/connect.ts'
import type { OwnerIdentity } from '../journal/project-calls.ts'
import { numberUsableBy, trunkUsableBy } from '../trunks/usable-by.ts'
import type { EnginePace } from './engine-pace.ts'
import { linesInUse } from './lines-in-use.ts'
import { burstOf, mostAtOnce, numberSlot, trunkSlots } from './trunk-slot.ts'

/** A call that this engine start has taken from the queue. */
export interface ClaimedCall {
  readonly callId: string
  readonly applicationId: number
  readonly callee: string
  readonly caller: string
  readonly trunk: string
  /** Number of this claim: writes of an older one do nothing. */
  readonly fence: number
  readonly spec: unknown
  readonly sealed: Buffer | null
}

export type ClaimAttempt =
  /** `fromMs`: instant of `clock` before which its slot had not begun. */
  | { readonly kind: 'claimed'; readonly calls: readonly ClaimedCall[]; readonly fromMs: number }
  /** The trunk that was due has no free slot, or its calls are being claimed by others. Look again. */
  | { readonly kind: 'nothing' }
  /** No trunk with queued calls is due. `nextDueMs`: ms until one is; undefined: no calls are queued. */
  | { readonly kind: 'idle'; readonly nextDueMs: number | undefined }

/** A trunk that is due but held at this moment, by another dispatcher or for the leg of a transfer, is looked at again then. Taste. */
const heldMs = 10

/** Candidates queued by an engine of an earlier version are of no application, and wait for one claim: see migration 0013. */
const nobody = 0

/** Candidates looked at for one claim: some may be locked, claimed by another trunk or being refused at this moment. */
const offersLookedAt = mostAtOnce + 8

/**
 * Takes queued calls of a trunk that is due and has room, and whose numbers may start one: of the application that has the
 * fewest lines of the trunk, then of the one whose last turn is longest ago, the oldest. One call, but for quick trunks.
 *
 * Two statements in one transaction, and the order is the point: the first locks the trunk's row, and only then the second
 * counts its calls, with a snapshot taken under the lock. In one statement the count would be older than the lock, and the
 * limit would be passed under load. All instants are the database's. The third is what this engine trusts itself
 * with in this claim. `unserved`: trunks that it cannot dial by.
 */
export async function claimNext(
  db: Database,
  { owner, incarnation }: OwnerIdentity,
  clock: Pick<Clock, 'nowMs'>,
  { atOnce, lateMs }: EnginePace,
  unserved: readonly string[] = [],
): Promise<ClaimAttempt> {
  const isOffered = sql`t.enabled and t.name <> all(${unserved}::text[])
    and exists (select 1 from call_candidates k where k.trunk = t.name)`
  return db.transaction().execute(async (trx) => {
    const locked = await sql<{ name: string }>`
      select name from trunks t
      where ${isOffered} and tat <= clock_timestamp()
      order by tat
      for update skip locked
      limit 1`.execute(trx)
    const trunk = locked.rows[0]?.name
    if (trunk === undefined) {
      const due = await sql<{ ms: number | null }>`
        select (extract(epoch from min(greatest(tat, clock_timestamp() + make_interval(secs => ${sql.lit(heldMs / 1_000)})))
          - clock_timestamp()) * 1000)::float8 as ms from trunks t
        where ${isOffered}`.execute(trx)
      return { kind: 'idle', nextDueMs: due.rows[0]?.ms ?? undefined }
    }
    // Of application `s`. Conditions the planner cannot guess the worth of, so that it reads the index in order and stops early.
    const offered = sql`
          from call_candidates k
          where k.trunk = ${trunk} and k.application_id = s.id
            and k.caller <> all (array(select number from busy))
            -- The number may have been given to somebody else since the call was queued.
            and (select ${numberUsableBy(sql`k.application_id`)} from numbers n where n.trunk = ${trunk} and n.number = k.caller)
            and (select q.stage = 'queued' and q.expires_at > clock_timestamp() from calls q where q.call_id = k.call_id)`
    const fromMs = clock.nowMs()
    const taken = await sql<ClaimedCall>`
      with recursive room as (
        select p.burst, greatest(0, least(p.burst, ${atOnce}::int, t.max_concurrent - ${linesInUse(sql`t.name`)})) as free
        from trunks t cross join lateral (
          select ${burstOf(sql`t.max_cps`)} as burst
        ) p where t.name = ${trunk}
      ), busy as (
        -- Numbers that may not start a call now, by their own limits.
        select n.number from numbers n
        where n.trunk = ${trunk} and (n.max_cps is not null or n.max_concurrent is not null)
          and (n.max_cps is not null and n.tat > clock_timestamp()
            or n.max_concurrent <= ${linesInUse(sql`n.trunk`, sql`n.number`)})
      ), waiting (id, oldest) as (
        -- Applications with candidates, one index look each; the first comes after none.
        select null::bigint, null::timestamptz
        union all
        select k.application_id, k.queued_at from waiting w cross join lateral (
          select k.application_id, k.queued_at from call_candidates k
          where k.trunk = ${trunk} and k.application_id > coalesce(w.id, ${sql.lit(nobody)})
          order by k.application_id, k.queued_at limit 1
        ) k
      ), shares as materialized (
        select w.id, w.oldest, u.taken_at, coalesce(l.lines, 0) as lines
        from waiting w join trunks t on t.name = ${trunk}
        left join trunk_turns u on u.trunk = ${trunk} and u.application_id = w.id
        left join (
          select c.application_id, count(*) as lines from calls c
          where c.trunk = ${trunk} and c.stage in ('claimed', 'sent') and c.direction = 'outbound' group by 1
        ) l on l.application_id = w.id
        where (select free from room) > 0 and ${trunkUsableBy(sql`w.id`)}
      ), due as materialized (
        -- No others can have one of the first places; in this order, so that it stops early.
        select s.* from (select * from shares order by lines, taken_at nulls first, oldest) s
        cross join lateral (select 1 ${offered} order by k.queued_at limit 1) o
        limit ${sql.lit(offersLookedAt)}
      ), offers as materialized (
        select o.call_id, o.caller,
          row_number() over (order by s.lines + o.nth, s.taken_at nulls first, o.queued_at) as place,
          row_number() over (partition by o.caller order by s.lines + o.nth, s.taken_at nulls first, o.queued_at) as of_caller
        from due s cross join lateral (
          select k.call_id, k.caller, k.queued_at, row_number() over (order by k.queued_at) as nth ${offered}
          order by k.queued_at
          -- The second of an application comes after the first of all that have no more lines.
          limit greatest(1, ${sql.lit(offersLookedAt)} + 1 - (select count(*) from due other where other.lines <= s.lines))
        ) o
      ), picked as (
        select c.call_id, o.caller from offers o join calls c on c.call_id = o.call_id
        where c.call_id = any (array(select call_id from offers where place <= ${sql.lit(offersLookedAt)})) and c.stage = 'queued'
          -- Of a number with limits of its own one at a time.
          and (o.of_caller = 1 or not exists (select 1 from numbers n where n.trunk = ${trunk} and n.number = o.caller
            and (n.max_cps is not null or n.max_concurrent is not null)))
        order by o.place
        for update of c skip locked
        limit (select free from room)
      ), claimed as (
        update calls c
        set stage = 'claimed', accepted = true, trunk = ${trunk}, caller = p.caller,
          caller_key = coalesce((select number_key from numbers n where n.trunk = ${trunk} and n.number = p.caller), ''),
          owner = ${owner}, incarnation = ${incarnation}, fence = c.fence + 1,
          claimed_at = clock_timestamp()
        from picked p where c.call_id = p.call_id
        returning c.call_id, c.application_id, c.callee, c.caller, c.trunk, c.fence, c.spec, c.sealed
      ), adopted as (
        update call_candidates k set application_id = c.application_id from calls c
        where k.trunk = ${trunk} and k.application_id = ${sql.lit(nobody)} and c.call_id = k.call_id
      ), forgotten as (
        delete from call_candidates k using claimed where k.call_id = claimed.call_id
      ), turn_taken as (
        insert into trunk_turns (trunk, application_id, taken_at)
        select distinct ${trunk}, application_id, now() from claimed
        on conflict (trunk, application_id) do update set taken_at = excluded.taken_at
      ), paced_number as (
        update numbers n set tat = greatest(n.tat, clock_timestamp()) + ${numberSlot(sql`n.max_cps`, lateMs)}
        from claimed where n.trunk = ${trunk} and n.number = claimed.caller and n.max_cps is not null
      ), paced as (
        update trunks
        set tat = case when exists (select 1 from claimed)
          then greatest(tat, clock_timestamp()) + ${trunkSlots(sql`(select count(*) from claimed)`, sql`max_cps`, lateMs)}
          else clock_timestamp() + interval '50 milliseconds' end
        where name = ${trunk}
      )
      select call_id as "callId", application_id as "applicationId", callee, caller, trunk, fence, spec, sealed,
        pg_notify('parley_call', call_id::text)
      from claimed`.execute(trx)
    return taken.rows.length > 0 ? { kind: 'claimed', calls: taken.rows, fromMs } : { kind: 'nothing' }
  })
}

/**
 * Writes down that the INVITE is about to leave. From the commit of this on, the call is never dialled again, whatever
 * happens. False: the claim is no longer ours, nothing may be sent.
 */
export async function markSent(db: Database, call: ClaimedCall): Promise<boolean> {
  const { rows } = await sql`
    update calls set stage = 'sent', dial_sent_at = clock_timestamp()
    where call_id = ${call.callId} and fence = ${call.fence} and stage = 'claimed'
    returning 1`.execute(db)
  return rows.length > 0
}

/**
 * Puts a call back into the queue at its old place, if its claim is still `fence` and it has not expired. Only for calls of
 * which no INVITE has left: pass `sent` only as the one who marked it and then did not send.
 */
export async function requeue(db: Database, id: string, fence: number, stage: 'claimed' | 'sent'): Promise<boolean> {
  const stages = stage === 'sent' ? ['claimed', 'sent'] : ['claimed']
  const { rows } = await sql`
    with returned as (
      update calls
      set stage = 'queued', trunk = '', caller = '', caller_key = '', owner = null, incarnation = null,
        fence = fence + 1, claimed_at = null, dial_sent_at = null
      where call_id = ${id} and fence = ${fence} and stage = any(${stages}::text[]) and state = 'created'
        and expires_at > clock_timestamp()
      returning call_id, application_id, candidates, queued_at
    ), offered as (
      insert into call_candidates (call_id, trunk, caller, queued_at, application_id)
      select r.call_id, k.trunk, k.caller, r.queued_at, r.application_id
      from returned r, jsonb_to_recordset(r.candidates) as k(trunk text, caller text)
      on conflict do nothing
    )
    select pg_notify('parley_queue', '') from returned`.execute(db)
  return rows.length > 0
}
