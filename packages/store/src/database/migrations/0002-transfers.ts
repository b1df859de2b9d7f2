import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Humans who were called to take a call over, in the call's own record. */
export const transfers: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`alter table calls add column transfers jsonb not null default '[]'`.execute(db)
  },
}
