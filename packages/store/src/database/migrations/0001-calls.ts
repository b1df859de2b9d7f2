import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Trunks, the call row (queue entry and detail record in one), its events, and the engines that own calls. */
export const calls: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table trunks (
        name text primary key,
        enabled boolean not null default true,
        application_ids bigint[] not null,
        max_concurrent integer not null check (max_concurrent >= 0),
        max_cps double precision not null check (max_cps > 0),
        tat timestamptz not null default '-infinity'
      );

      create table numbers (
        trunk text not null references trunks (name) on delete cascade,
        number text not null,
        number_key text not null,
        primary key (trunk, number)
      );

      create table owners (
        name text not null,
        incarnation bigint not null,
        heartbeat_at timestamptz not null default clock_timestamp(),
        primary key (name, incarnation)
      );

      create table calls (
        call_id uuid primary key,
        application_id bigint not null,
        direction text not null check (direction in ('inbound', 'outbound')),
        stage text not null check (stage in ('queued', 'claimed', 'sent', 'refused', 'closed')),
        accepted boolean not null default false,
        caller text not null default '',
        caller_key text not null default '',
        callee text not null,
        callee_key text not null,
        trunk text not null default '',
        candidates jsonb not null default '[]',
        spec jsonb,
        sealed bytea,
        queued_at timestamptz not null default clock_timestamp(),
        expires_at timestamptz,
        owner text,
        incarnation bigint,
        fence bigint not null default 0,
        claimed_at timestamptz,
        dial_sent_at timestamptz,
        state text not null,
        created_at_ms bigint not null,
        ringing_at_ms bigint,
        answered_at_ms bigint,
        ended_at_ms bigint,
        outcome jsonb,
        recording jsonb,
        recording_path text,
        keys jsonb not null default '[]',
        check ((stage = 'closed') = (ended_at_ms is not null))
      );
      create index calls_active on calls (trunk) where stage in ('claimed', 'sent');
      create index calls_queued on calls (expires_at) where stage = 'queued';
      create index calls_newest on calls (application_id, created_at_ms desc, call_id);
      create index calls_caller on calls (application_id, caller_key, created_at_ms desc);
      create index calls_callee on calls (application_id, callee_key, created_at_ms desc);

      create table call_candidates (
        call_id uuid not null references calls (call_id) on delete cascade,
        trunk text not null,
        caller text not null,
        queued_at timestamptz not null,
        primary key (call_id, trunk)
      );
      create index call_candidates_next on call_candidates (trunk, queued_at);

      create table call_events (
        call_id uuid not null,
        seq integer not null,
        wall_ms bigint not null,
        type text not null,
        body jsonb not null,
        primary key (call_id, seq)
      );
    `.execute(db)
  },
}
