import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Limits of single numbers beside those of their trunk; null: none. */
export const numberLimits: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      alter table numbers
        add column max_concurrent integer check (max_concurrent > 0),
        add column max_cps double precision check (max_cps > 0),
        add column tat timestamptz not null default '-infinity';
    `.execute(db)
  },
}
