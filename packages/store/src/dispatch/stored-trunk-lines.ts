import { type Clock, type TransferLine, type TrunkLines, waitUntil } from '@parley/core'
import { sql } from 'kysely'
import { type Database, guarded } from '../database/connect.ts'
import { jsonText } from '../database/json-text.ts'
import type { StoredAttempt } from '../database/tables.ts'
import { dialBefore, leastLateMs, mostLateMs } from './engine-pace.ts'
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
    const { db, clock } = this
    const untilMs = clock.nowMs() + longestWaitMs
    // A slot that was missed is lost, the line is kept; in the next one the engine may be later.
    for (let lateMs = leastLateMs; clock.nowMs() < untilMs; lateMs = Math.min(2 * lateMs, mostLateMs)) {
      const slot = await guarded(() => takeLine(db, clock, line, lateMs))
      if (!slot) return false
      if (slot.waitMs > 0) await waitUntil(clock, clock.nowMs() + slot.waitMs, signal).catch(() => {})
      if (signal.aborted) return false
      if (clock.nowMs() <= dialBefore(slot.beginsMs, lateMs)) return true
    }
    return false
  }
}

/** `waitMs`: from the commit on, until the slot has surely begun; it does not begin before `beginsMs` of the engine's clock. */
interface TakenSlot {
  readonly waitMs: number
  readonly beginsMs: number
}

/**
 * Takes the line, unless the attempt has it, and the next slot of its trunk's pace. Undefined: nothing was taken. The trunk's
 * row is locked first, as for a claim from the queue, so that every count is of this moment.
 */
async function takeLine(
  db: Database,
  clock: Clock,
  { callId, attempt, trunk, caller }: TransferLine,
  lateMs: number,
): Promise<TakenSlot | undefined> {
  return db.transaction().execute(async (trx) => {
    const locked = await sql`select 1 from trunks where name = ${trunk} and enabled for update`.execute(trx)
    if (locked.rows.length === 0) return undefined
    const call = await trx
      .selectFrom('calls')
      .select('transfers')
      .where('call_id', '=', callId)
      .where('stage', 'in', ['claimed', 'sent'])
      .forUpdate()
      .executeTakeFirst()
    if (!call) return undefined
    const askedAtMs = clock.nowMs()
    const { rows } = await sql<Limits>`
      select ${linesInUse(sql`name`)} >= max_concurrent as "isFull", ${waitMs} as "waitMs" from trunks where name = ${trunk}
      union all
      select coalesce(${linesInUse(sql`trunk`, sql`number`)} >= max_concurrent, false),
        case when max_cps is null then 0 else ${waitMs} end
      from numbers where trunk = ${trunk} and number = ${caller}`.execute(trx)
    const wait = Math.ceil(Math.max(...rows.map((row) => row.waitMs)))
    const hasLine = call.transfers.some((entry) => entry.attempt === attempt && entry.line)
    if ((!hasLine && rows.some(({ isFull }) => isFull)) || wait > longestWaitMs) return undefined
    await trx
      .updateTable('calls')
      .set({ transfers: jsonText(withLine(call.transfers, attempt, { trunk, caller })) })
      .where('call_id', '=', callId)
      .execute()
    const from = sql`greatest(tat, clock_timestamp() + make_interval(secs => ${wait / 1000}::float8))`
    await sql`
      update trunks set tat = ${from} + ${trunkSlots(sql`1`, sql`max_cps`, lateMs)} where name = ${trunk}`.execute(trx)
    await sql`
      update numbers set tat = ${from} + ${numberSlot(sql`max_cps`, lateMs)}
      where trunk = ${trunk} and number = ${caller} and max_cps is not null`.execute(trx)
    return { waitMs: wait, beginsMs: askedAtMs + wait }
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
