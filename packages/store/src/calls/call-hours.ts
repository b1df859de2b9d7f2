import type { ApplicationId } from '@parley/core'
import { sql } from 'kysely'
import type { Database } from '../database/connect.ts'

const hourMs = 3_600_000

/** Creation time, inclusive, whole Unix ms. */
export interface TimeSpan {
  readonly fromMs: number
  readonly toMs: number
}

/** Calls of a span in three parts, newest first; `hours` is the part that is made of whole, counted hours. */
export interface CountedSpan {
  readonly newer: TimeSpan & { readonly calls: number }
  readonly hours: { readonly first: number; readonly end: number; readonly calls: number }
  readonly older: TimeSpan & { readonly calls: number }
}

/** Where a page begins: `skip` calls after the newest one that is not after `toMs`. */
export interface PageStart {
  readonly toMs: number
  readonly skip: number
}

/** A count that just changed is not kept: another transaction may be about to change it again. */
const restS = 60

/** Longer spans are not asked for by the public API; their hours would be mostly empty. */
const mostHours = 100 * 24

/**
 * Counts the shown calls of a span, with the kept counts of whole hours. Undefined: the span has no such hours or too many, or one
 * of them has just changed; it is to be counted call by call.
 */
export async function countSpan(db: Database, owner: ApplicationId, span: TimeSpan): Promise<CountedSpan | undefined> {
  const first = Math.ceil(span.fromMs / hourMs)
  const end = Math.floor((span.toMs + 1) / hourMs)
  if (end - first < 2 || end - first > mostHours) return undefined
  let kept = await keptHours(db, owner, first, end)
  if (!kept) {
    await count(db, owner, first, end)
    kept = await keptHours(db, owner, first, end)
  }
  if (!kept) return undefined
  const newer = { fromMs: kept.end * hourMs, toMs: span.toMs }
  const older = { fromMs: span.fromMs, toMs: first * hourMs - 1 }
  return {
    newer: { ...newer, calls: await countEach(db, owner, newer) },
    hours: kept,
    older: { ...older, calls: older.toMs < older.fromMs ? 0 : await countEach(db, owner, older) },
  }
}

/** Finds the start of a page `offset` calls after the newest one. */
export async function startOfPage(
  db: Database,
  owner: ApplicationId,
  { newer, hours, older }: CountedSpan,
  offset: number,
): Promise<PageStart> {
  if (offset < newer.calls) return { toMs: newer.toMs, skip: offset }
  const within = offset - newer.calls
  if (within >= hours.calls) return { toMs: older.toMs, skip: within - hours.calls }
  const { rows } = await sql<{ hour: number; before: number }>`
    select hour, before from (
      select hour, (sum(calls) over (order by hour desc) - calls)::bigint as before from call_hours
      where application_id = ${owner} and hour >= ${hours.first} and hour < ${hours.end}
    ) as newest
    where before <= ${within} order by hour limit 1`.execute(db)
  const { hour = hours.first, before = 0 } = rows[0] ?? {}
  return { toMs: (hour + 1) * hourMs - 1, skip: within - before }
}

/** Counts one by one. */
export async function countEach(db: Database, owner: ApplicationId, { fromMs, toMs }: TimeSpan): Promise<number> {
  const { rows } = await sql<{ calls: number }>`
    select count(*) as calls from calls
    where application_id = ${owner} and stage <> 'refused' and created_at_ms between ${fromMs} and ${toMs}`.execute(db)
  return rows[0]?.calls ?? 0
}

/** Undefined: not all hours that are over long enough are counted. */
async function keptHours(db: Database, owner: ApplicationId, first: number, end: number) {
  const { rows } = await sql<{ end: number; known: number; calls: number }>`
    with span as (select least(${end}::bigint, ${lastCountable()}) as ending)
    select s.ending as end, count(h.calls) as known, coalesce(sum(h.calls), 0)::bigint as calls
    from span s left join call_hours h
      on h.application_id = ${owner} and h.hour >= ${first} and h.hour < s.ending
    group by s.ending`.execute(db)
  const row = rows[0]
  return row && row.end > first && row.known === row.end - first ? { first, end: row.end, calls: row.calls } : undefined
}

/** Counts the hours that are not counted yet. Those that just changed are left. */
async function count(db: Database, owner: ApplicationId, first: number, end: number): Promise<void> {
  await sql`
    with missing as (
      select g.hour from generate_series(${first}::bigint, least(${end}::bigint, ${lastCountable()}) - 1) as g(hour)
      left join call_hours h on h.application_id = ${owner} and h.hour = g.hour
      where h.hour is null or (h.calls is null and h.changed_at < clock_timestamp() - make_interval(secs => ${restS}))
    ), counted as (
      select c.created_at_ms / ${hourMs}::bigint as hour, count(*) as calls from calls c
      where c.application_id = ${owner} and c.stage <> 'refused'
        and c.created_at_ms >= (select min(hour) from missing) * ${hourMs}::bigint
        and c.created_at_ms < ((select max(hour) from missing) + 1) * ${hourMs}::bigint
      group by 1
    )
    insert into call_hours as h (application_id, hour, calls)
    select ${owner}::bigint, m.hour, coalesce(c.calls, 0) from missing m left join counted c using (hour) order by m.hour
    on conflict (application_id, hour) do update set calls = excluded.calls
      where h.calls is null and h.changed_at < clock_timestamp() - make_interval(secs => ${restS})`.execute(db)
}

/** End of the last hour that is over for an hour: its calls are stored, and those that found no line are refused. */
const lastCountable = () => sql`(extract(epoch from clock_timestamp()) * 1000)::bigint / ${hourMs}::bigint - 1`
