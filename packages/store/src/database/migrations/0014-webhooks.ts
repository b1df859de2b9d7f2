import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/**
 * Webhooks made by the API, the callbacks of campaigns apart from the configuration, pushes without a call (tests), and how
 * the last try of a push went.
 */
export const webhooks: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      alter table webhooks
        add column origin text not null default 'file' check (origin in ('file', 'api', 'campaigns')),
        add column title text not null default '',
        add column settings jsonb not null default '{}',
        add column sealed bytea,
        add column sealed_before bytea,
        add column before_until timestamptz,
        add column version integer not null default 1,
        add column created_at timestamptz not null default clock_timestamp(),
        add column removed_at timestamptz;
      update webhooks set origin = 'campaigns', enabled = true where name like 'campaigns:%';
      update webhooks set removed_at = clock_timestamp() where not enabled;
      create index webhooks_owner on webhooks (application_id, name);

      alter table pushes
        alter column call_id drop not null,
        add column tried_at timestamptz,
        add column status integer;
      create index pushes_shown on pushes (webhook, occurred_at_ms desc, push_id);
    `.execute(db)
  },
}
