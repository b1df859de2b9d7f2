import { type RawBuilder, sql } from 'kysely'
import { leastLateMs } from './engine-pace.ts'

/** A quick trunk gives this share of a second's calls at once, and no more than that many: one transaction for all. Taste. */
const burstShare = 0.02
export const mostAtOnce = 16

/**
 * Length of a slot in units of 1 / (cps + 1 - burst). Longer than 1 by the lateness allowed, so that no second has more
 * INVITEs than the limit, even if the first of them left late and the last were a burst that left at once: claims within
 * 1 + late seconds of each other are fewer than cps + 1 - burst before the last.
 */
const slotLength = 1 + leastLateMs / 1_000

/** Calls that a trunk of this pace gives at once. */
export const burstOf = (maxCps: RawBuilder<number>): RawBuilder<number> =>
  sql<number>`greatest(1, least(${sql.lit(mostAtOnce)}, floor(${maxCps} * ${sql.lit(burstShare)})))::int`

/**
 * Time on a trunk's pace that `calls` take up, whoever makes them: every INVITE of a trunk, or the limit is passed. `lateMs`:
 * how late they may leave. Beyond `leastLateMs` nobody else is given a slot for as long, which is as if the slot had begun later.
 */
export const trunkSlots = (
  calls: RawBuilder<number>,
  maxCps: RawBuilder<number>,
  lateMs: number,
): RawBuilder<unknown> =>
  sql`make_interval(secs => ${calls} * ${sql.lit(slotLength)} / (${maxCps} + 1 - ${burstOf(maxCps)}) + ${beyond(lateMs)})`

/** Time on the pace of a number that one call takes up; a number has no bursts. */
export const numberSlot = (maxCps: RawBuilder<number>, lateMs: number): RawBuilder<unknown> =>
  sql`make_interval(secs => ${sql.lit(slotLength)} / ${maxCps} + ${beyond(lateMs)})`

const beyond = (lateMs: number): RawBuilder<number> => sql<number>`${(lateMs - leastLateMs) / 1_000}::float8`
