import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/**
 * What became of a request in the audit log. The default is for entries of before, and of engines of before that still
 * run: they wrote when the change was made.
 */
export const auditOutcome: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      alter table audit_log add column outcome text not null default 'done'
        check (outcome in ('begun', 'done', 'refused', 'failed'));
    `.execute(db)
  },
}
