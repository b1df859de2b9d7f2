import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Receivers of pushes, and the outbox: one row per receiver and event. */
export const pushes: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table webhooks (
        name text primary key,
        enabled boolean not null default true,
        application_id bigint not null,
        events text[] not null
      );

      create table pushes (
        push_id uuid primary key default gen_random_uuid(),
        webhook text not null references webhooks (name),
        application_id bigint not null,
        call_id uuid not null references calls (call_id) on delete cascade,
        event text not null,
        occurred_at_ms bigint not null,
        state text not null default 'pending' check (state in ('pending', 'delivered', 'dead')),
        tries integer not null default 0,
        due_at timestamptz not null default clock_timestamp(),
        reason text,
        settled_at timestamptz,
        unique (webhook, call_id, event),
        check ((state = 'pending') = (settled_at is null))
      );
      create index pushes_due on pushes (webhook, due_at) where state = 'pending';
      create index pushes_dead on pushes (application_id, settled_at desc) where state = 'dead';
      create index pushes_settled on pushes (settled_at) where state <> 'pending';
      create index pushes_call on pushes (call_id);
    `.execute(db)
  },
}
