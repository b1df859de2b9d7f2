import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** How a call sounded, as its engine wrote it down at the end. */
export const callQuality: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`alter table calls add column quality jsonb`.execute(db)
  },
}
