import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Address of the server that says who takes the calls to a number, encrypted: it may hold a token. */
export const callIn: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`alter table number_states add column call_in_url bytea`.execute(db)
  },
}
