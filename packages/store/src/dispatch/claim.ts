import { sql } from 'kysely'
import type { Database } from '../database/connect.ts'
import type { OwnerIdentity } from '../journal/project-calls.ts'
import { usableBy } from '../trunks/usable-by.ts'

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
  | { readonly kind: 'claimed'; readonly call: ClaimedCall }
  /** The trunk that was due has no free slot, or its calls are being claimed by others. Look again. */
  | { readonly kind: 'nothing' }
  /** No trunk with queued calls is due. `nextDueMs`: ms until one is; undefined: no calls are queued. */
  | { readonly kind: 'idle'; readonly nextDueMs: number | undefined }

/**
 * Takes the oldest queued call of a trunk that is due and has room, and whose number may start one.
 *
 * Two statements in one transaction, and the order is the point: the first locks the trunk's row, and only then the second
 * counts its calls, with a snapshot taken under the lock. In one statement the count would be older than the lock, and the
 * limit would be passed under load. All instants are the database's.
 */
export async function claimNext(db: Database, { owner, incarnation }: OwnerIdentity): Promise<ClaimAttempt> {
  return db.transaction().execute(async (trx) => {
    const locked = await sql<{ name: string }>`
      select name from trunks t
      where enabled and tat <= clock_timestamp() and exists (select 1 from call_candidates k where k.trunk = t.name)
      order by tat
      for update skip locked
      limit 1`.execute(trx)
    const trunk = locked.rows[0]?.name
    if (trunk === undefined) {
      const due = await sql<{ ms: number | null }>`
        select (extract(epoch from min(tat) - clock_timestamp()) * 1000)::float8 as ms from trunks t
        where enabled and tat > clock_timestamp()
          and exists (select 1 from call_candidates k where k.trunk = t.name)`.execute(trx)
      return { kind: 'idle', nextDueMs: due.rows[0]?.ms ?? undefined }
    }
    const taken = await sql<ClaimedCall>`
      with room as (
        select max_concurrent > (select count(*) from calls c where c.trunk = t.name and c.stage in ('claimed', 'sent')) as free
        from trunks t where name = ${trunk}
      ), busy as (
        -- Numbers that may not start a call now, by their own limits.
        select n.number from numbers n
        where n.trunk = ${trunk} and (n.max_cps is not null or n.max_concurrent is not null)
          and (n.max_cps is not null and n.tat > clock_timestamp()
            or n.max_concurrent <= (select count(*) from calls c where c.trunk = n.trunk and c.stage in ('claimed', 'sent')
              and n.number = case c.direction when 'outbound' then c.caller else c.callee end))
      ), picked as (
        select c.call_id, k.caller from call_candidates k join calls c on c.call_id = k.call_id
        where (select free from room) and k.trunk = ${trunk} and k.caller not in (select number from busy)
          and c.stage = 'queued' and c.expires_at > clock_timestamp()
          -- The number may have been given to somebody else since the call was queued.
          and exists (select 1 from numbers n join trunks t on t.name = n.trunk
            where n.trunk = k.trunk and n.number = k.caller and ${usableBy(sql`c.application_id`)})
        order by k.queued_at
        for update of c skip locked
        limit 1
      ), claimed as (
        update calls c
        set stage = 'claimed', accepted = true, trunk = ${trunk}, caller = p.caller,
          caller_key = coalesce((select number_key from numbers n where n.trunk = ${trunk} and n.number = p.caller), ''),
          owner = ${owner}, incarnation = ${incarnation}, fence = c.fence + 1,
          claimed_at = clock_timestamp()
        from picked p where c.call_id = p.call_id
        returning c.call_id, c.application_id, c.callee, c.caller, c.trunk, c.fence, c.spec, c.sealed
      ), forgotten as (
        delete from call_candidates k using claimed where k.call_id = claimed.call_id
      ), paced_number as (
        update numbers n set tat = greatest(n.tat, clock_timestamp()) + make_interval(secs => 1 / n.max_cps)
        from claimed where n.trunk = ${trunk} and n.number = claimed.caller and n.max_cps is not null
      ), paced as (
        update trunks
        set tat = case when exists (select 1 from claimed)
          then greatest(tat, clock_timestamp()) + make_interval(secs => 1 / max_cps)
          else clock_timestamp() + interval '50 milliseconds' end
        where name = ${trunk}
      )
      select call_id as "callId", application_id as "applicationId", callee, caller, trunk, fence, spec, sealed,
        pg_notify('parley_call', call_id::text)
      from claimed`.execute(trx)
    const call = taken.rows[0]
    return call ? { kind: 'claimed', call } : { kind: 'nothing' }
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
      returning call_id, candidates, queued_at
    ), offered as (
      insert into call_candidates (call_id, trunk, caller, queued_at)
      select r.call_id, k.trunk, k.caller, r.queued_at
      from returned r, jsonb_to_recordset(r.candidates) as k(trunk text, caller text)
      on conflict do nothing
    )
    select pg_notify('parley_queue', '') from returned`.execute(db)
  return rows.length > 0
}
