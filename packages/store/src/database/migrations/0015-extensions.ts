import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** SIP accounts of telephones. `sealed`: the password; opens for this extension of this application alone. */
export const extensions: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table extensions (
        application_id bigint not null references applications (application_id),
        extension_id text not null,
        name text not null,
        skill_group_ids bigint[] not null,
        relation text not null,
        sealed bytea not null,
        created_at timestamptz not null default clock_timestamp(),
        changed_at timestamptz not null default clock_timestamp(),
        primary key (application_id, extension_id)
      );
    `.execute(db)
  },
}
