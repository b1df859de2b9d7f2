import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** How long entries of the audit log are kept. The default is for rules that engines of before write. */
export const auditRetention: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      alter table care_rules add column audit_days integer not null default 400 check (audit_days > 0)
    `.execute(db)
  },
}
