import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** The request that made a call, so that its repetition makes no other. */
export const idempotency: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      alter table calls add column idempotency_key text, add column idempotency_digest text;
      create unique index calls_idempotency on calls (application_id, idempotency_key) where idempotency_key is not null;
    `.execute(db)
  },
}
