import type { Logger, RecordingStore } from '@parley/core'
import { type RawBuilder, type Selectable, sql } from 'kysely'
import type { Database } from '../database/connect.ts'
import type { Tables } from '../database/tables.ts'
import { closeCall } from '../journal/close-call.ts'
import type { OwnerIdentity } from '../journal/project-calls.ts'
import { requeue } from './claim.ts'

/** An engine start whose heart has stopped, or seems to have. */
export interface SilentOwner extends OwnerIdentity {
  /** Its last heartbeat as the database writes it. */
  readonly beat: string
}

export interface RecoveryOptions {
  readonly db: Database
  readonly logger: Logger
  readonly recordings: RecordingStore
  /** A claim this old of which no INVITE left came to nothing. By the database's clock. */
  readonly staleMs: number
  /** Engines that are known to be dead, apart from earlier starts of a name. */
  readonly dead: readonly SilentOwner[]
}

export interface Recovered {
  /** Were claimed, nothing sent: back in the queue. */
  readonly requeued: number
  /** Ended with a record, outcome `failed / ENGINE_LOST`. */
  readonly closed: number
}

/** Bounds one run; the next one goes on. */
const callsPerRun = 1_000

interface LostCall {
  readonly id: string
  readonly fence: number
  readonly sent: boolean
  readonly path: string | null
  /** Last sign of life of the call or its engine, Unix ms. */
  readonly lastMs: number
}

/**
 * Settles calls whose engine is gone: a later start of the same owner has registered, or it is `dead`. So is a
 * claim that nothing came of: the engine never learned that it was committed. A call of which no INVITE left goes back to
 * the queue while its time lasts. Any other ends; none is dialled again. Requests still waiting there are refused.
 */
export async function recoverLost({ db, logger, recordings, staleMs, dead }: RecoveryOptions): Promise<Recovered> {
  const recovered = { requeued: 0, closed: 0 }
  const refused = await refuseForgotten(db, dead)
  if (refused > 0) logger.warn('requests that waited in a lost engine were refused', { refused })
  for (const call of await findLost(db, staleMs, dead)) {
    if (!call.sent && (await requeue(db, call.id, call.fence, 'claimed'))) {
      recovered.requeued += 1
      continue
    }
    const recording = call.path === null ? undefined : await recordings.repair(call.path).catch(() => undefined)
    const closed = await closeCall(
      db,
      call.id,
      { stages: [call.sent ? 'sent' : 'claimed'], fence: call.fence },
      (row) => ({
        outcome: { kind: 'failed', code: 'ENGINE_LOST' },
        endedAtMs: Math.max(call.lastMs, latestInstant(row)),
        ...(recording ? { recording } : {}),
      }),
    )
    if (closed) recovered.closed += 1
  }
  if (recovered.requeued + recovered.closed > 0) logger.warn('calls of a lost engine were settled', recovered)
  await forgetOwners(db)
  return recovered
}

async function findLost(db: Database, staleMs: number, dead: readonly SilentOwner[]): Promise<readonly LostCall[]> {
  const { rows } = await sql<LostCall>`
    select c.call_id as id, c.fence, c.stage = 'sent' as sent, c.recording_path as path,
      greatest(
        (select max(e.wall_ms) from call_events e where e.call_id = c.call_id),
        (extract(epoch from greatest(o.heartbeat_at, c.dial_sent_at)) * 1000)::bigint,
        c.created_at_ms
      ) as "lastMs"
    from calls c
    left join owners o on o.name = c.owner and o.incarnation = c.incarnation
    where c.stage in ('claimed', 'sent') and c.owner is not null
      and (
        ${ownerIsGone(dead)}
        or (c.stage = 'claimed' and c.claimed_at < clock_timestamp() - make_interval(secs => ${staleMs / 1_000}::float8))
      )
    order by c.queued_at
    limit ${callsPerRun}`.execute(db)
  return rows
}

/**
 * Engines whose last heartbeat is older than `staleMs`, except `self`: it is alive, and its heartbeat may be old because the
 * database was away. So may those of others; whoever still has the same `beat` a while later has stopped.
 */
export async function findSilent(
  db: Database,
  staleMs: number,
  self: OwnerIdentity | undefined,
): Promise<readonly SilentOwner[]> {
  const { rows } = await sql<SilentOwner>`
    select name as owner, incarnation, heartbeat_at::text as beat from owners
    where heartbeat_at < clock_timestamp() - make_interval(secs => ${staleMs / 1_000}::float8)
      and not (name = ${self?.owner ?? ''} and incarnation = ${self?.incarnation ?? 0})`.execute(db)
  return rows
}

/** For a row `c` of `calls`: the engine start that owns it is not there any more. */
function ownerIsGone(dead: readonly SilentOwner[]): RawBuilder<boolean> {
  const names = dead.map(({ owner }) => owner)
  const incarnations = dead.map(({ incarnation }) => incarnation)
  return sql<boolean>`(
    exists (select 1 from owners n where n.name = c.owner and n.incarnation > c.incarnation)
    or not exists (
      select 1 from owners a where a.name = c.owner and a.incarnation = c.incarnation
        and (a.name, a.incarnation) not in (select * from unnest(${names}::text[], ${incarnations}::bigint[]))
    )
  )`
}

/** Requests that waited for a line in an engine that is gone: whoever asked was told nothing, and may have asked again. */
async function refuseForgotten(db: Database, dead: readonly SilentOwner[]): Promise<number> {
  const { rows } = await sql`
    with refused as (
      update calls c set stage = 'refused', spec = null, sealed = null
      where c.stage = 'queued' and not c.accepted and c.owner is not null and ${ownerIsGone(dead)}
      returning call_id
    ), forgotten as (
      delete from call_candidates k using refused r where k.call_id = r.call_id
    )
    select 1 from refused`.execute(db)
  return rows.length
}

function latestInstant(row: Selectable<Tables['calls']>): number {
  return Math.max(row.created_at_ms, row.ringing_at_ms ?? 0, row.answered_at_ms ?? 0)
}

/** Starts that are neither the latest of their name nor named by an open call. */
async function forgetOwners(db: Database): Promise<void> {
  await sql`
    delete from owners o
    where exists (select 1 from owners n where n.name = o.name and n.incarnation > o.incarnation)
      and not exists (
        select 1 from calls c where c.stage in ('claimed', 'sent') and c.owner = o.name and c.incarnation = o.incarnation
      )`.execute(db)
}
