import { type Kysely, sql } from 'kysely'
import type { Tables } from '../database/tables.ts'
import { anyOther } from '../recordings/configure-care.ts'

/**
 * Deletes entries of the audit log that are older than the rule of their application, at most `limit` of them; returns how
 * many. Entries of the installation and of applications without rules of their own have the rule of all others; before
 * there is any, nothing goes. By the database's clock.
 */
export async function eraseAudit(db: Kysely<Tables>, limit: number): Promise<number> {
  const daysAgo = (days: ReturnType<typeof sql>) => sql`clock_timestamp() - make_interval(days => ${days})`
  // The shortest rule finds what may be due by the index.
  const { numAffectedRows } = await sql`
    delete from audit_log where id in (
      select id from audit_log a
        left join care_rules own on own.application_id = a.application_id
        left join care_rules other on other.application_id = ${anyOther}
      where at < ${daysAgo(sql`(select min(audit_days) from care_rules)`)}
        and at < ${daysAgo(sql`coalesce(own.audit_days, other.audit_days)`)}
      order by at limit ${limit}
    )`.execute(db)
  return Number(numAffectedRows ?? 0)
}
