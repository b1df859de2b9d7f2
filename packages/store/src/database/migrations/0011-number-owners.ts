import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Which applications a trunk or a number is for; null: all of them, also those that come later. */
export const numberOwners: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      alter table trunks alter column application_ids drop not null;
      alter table numbers add column application_ids bigint[];
    `.execute(db)
  },
}
