import { type Clock, type TransferLine, type TrunkLines, waitUntil } from '@parley/core'
import { sql } from 'kysely'
import { type Database, guarded } from '../database/connect.ts'
import { jsonText } from '../database/json-text.ts'
import type { StoredAttempt } from '../database/tables.ts'
import { linesInUse } from './lines-in-use.ts'
import { numberSlot, trunkSlots } from './trunk-slot.ts'

/** How long a caller who was told to hold waits for the pace of a trunk. Taste. */
const longestWaitMs = 5_000

interface Limits {
  readonly isFull: boolean
  /** Until the pace lets the next call leave. */
  readonly waitMs: number
}

/**
 * Lines for the second legs of calls, within the same limits that the dial queue keeps. A line is written into the row of
 * its call, as the attempt it is for: so it goes with the attempt, with the call, or with the engine when that is lost.
 */
export class StoredTrunkLines implements TrunkLines {
  private readonly db: Database
  private readonly clock: Clock

  constructor(db: Database, clock: Clock) {
    this.db = db
    this.clock = clock
  }

  async take(line: TransferLine, signal: AbortSignal): Promise<boolean> {
    const waitMs = await guarded(() => takeLine(this.db, line))
    if (waitMs === undefined) return false
    if (waitMs > 0) await waitUntil(this.clock, this.clock.nowMs() + waitMs, signal).catch(() => {})
    return !signal.aborted
  }
}

/**
 * Takes the line and the next instant of its trunk's pace; returns how long that is off. Undefined: nothing was taken. The
 * trunk's row is locked first, as for a claim from the queue, so that every count is of this moment.
 */
async function takeLine(db: Database, { callId, attempt, trunk, caller }: TransferLine): Promise<number | undefined> {
  return db.transaction().execute(async (trx) => {
    const locked = await sql`select 1 from trunks where name = ${trunk} and enabled for update`.execute(trx)
    if (locked.rows.length === 0) return undefined
    const { rows } = await sql<Limits>`
      select ${linesInUse(sql`name`)} >= max_concurrent as "isFull", ${waitMs} as "waitMs" from trunks where name = ${trunk}
      union all
      select coalesce(${linesInUse(sql`trunk`, sql`number`)} >= max_concurrent, false),
        case when max_cps is null then 0 else ${waitMs} end
      from numbers where trunk = ${trunk} and number = ${caller}`.execute(trx)
    const wait = Math.ceil(Math.max(...rows.map((row) => row.waitMs)))
    if (rows.some(({ isFull }) => isFull) || wait > longestWaitMs) return undefined
    const call = await trx
      .selectFrom('calls')
      .select('transfers')
      .where('call_id', '=', callId)
      .where('stage', 'in', ['claimed', 'sent'])
      .forUpdate()
      .executeTakeFirst()
    if (!call) return undefined
    const transfers = withLine(call.transfers, attempt, { trunk, caller })
    await trx
      .updateTable('calls')
      .set({ transfers: jsonText(transfers) })
      .where('call_id', '=', callId)
      .execute()
    const from = sql`greatest(tat, clock_timestamp() + make_interval(secs => ${wait / 1000}::float8))`
    await sql`
      update trunks set tat = ${from} + ${trunkSlots(sql`1`, sql`max_cps`)} where name = ${trunk}`.execute(trx)
    await sql`
      update numbers set tat = ${from} + ${numberSlot(sql`max_cps`)}
      where trunk = ${trunk} and number = ${caller} and max_cps is not null`.execute(trx)
    return wait
  })
}

/** Of a row with `tat`, which may be minus infinity. */
const waitMs = sql<number>`
  case when tat > clock_timestamp() then extract(epoch from tat - clock_timestamp())::float8 * 1000 else 0 end`

/** The attempt may be in the row already: the journal is written beside this. */
function withLine(
  known: readonly StoredAttempt[],
  attempt: number,
  line: NonNullable<StoredAttempt['line']>,
): readonly StoredAttempt[] {
  const others = known.filter((entry) => entry.attempt !== attempt)
  const same = known.find((entry) => entry.attempt === attempt)
  return [...others, { ...same, attempt, line }].sort((a, b) => a.attempt - b.attempt)
}
