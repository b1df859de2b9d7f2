import { type RawBuilder, sql } from 'kysely'
import { isSwitchedOff } from '../management/is-switched-off.ts'

/**
 * For rows `t` of `trunks` and `n` of `numbers` on it: whether an application may dial with the number now. What names no
 * applications is for all of them.
 */
export function usableBy(applicationId: RawBuilder<number>): RawBuilder<boolean> {
  return sql<boolean>`(${trunkUsableBy(applicationId)} and ${numberUsableBy(applicationId)})`
}

/** What of it is said of rows `t` of `trunks` alone, and of the application. */
export function trunkUsableBy(applicationId: RawBuilder<number>): RawBuilder<boolean> {
  return sql<boolean>`(t.enabled and ${isTrunkFor(applicationId)} and not ${isSwitchedOff(applicationId)})`
}

/** What of it is said of rows `n` of `numbers`. */
export function numberUsableBy(applicationId: RawBuilder<number>): RawBuilder<boolean> {
  return sql<boolean>`(
    n.call_out
    and ${isNumberFor(applicationId)}
    and not exists (select 1 from number_states s
      where s.application_id = ${applicationId} and s.trunk = n.trunk and s.number = n.number and s.disabled)
  )`
}

/** For the same rows: whether this application may use the number, and no other of the installation. */
export function isAlone(applicationId: RawBuilder<number>): RawBuilder<boolean> {
  return sql<boolean>`(
    ${isFor(applicationId)} and not exists (
      select 1 from applications other where other.application_id <> ${applicationId} and ${isFor(sql`other.application_id`)})
  )`
}

const isFor = (applicationId: RawBuilder<number>): RawBuilder<boolean> =>
  sql<boolean>`(${isTrunkFor(applicationId)} and ${isNumberFor(applicationId)})`

const isTrunkFor = (applicationId: RawBuilder<number>): RawBuilder<boolean> =>
  sql<boolean>`(t.application_ids is null or ${applicationId} = any(t.application_ids))`

const isNumberFor = (applicationId: RawBuilder<number>): RawBuilder<boolean> =>
  sql<boolean>`(n.application_ids is null or ${applicationId} = any(n.application_ids))`
