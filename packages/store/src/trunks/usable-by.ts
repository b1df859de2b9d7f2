import { type RawBuilder, sql } from 'kysely'

/**
 * For rows `t` of `trunks` and `n` of `numbers` on it: whether an application may dial with the number. What names no
 * applications is for all of them.
 */
export function usableBy(applicationId: RawBuilder<number>): RawBuilder<boolean> {
  return sql<boolean>`(
    t.enabled
    and (t.application_ids is null or ${applicationId} = any(t.application_ids))
    and (n.application_ids is null or ${applicationId} = any(n.application_ids))
  )`
}
