import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/**
 * Applications, their keys and skill groups, and the audit log. What is `declared` belongs to the configuration; of such a key the secret
 * is not here (`sealed` is null).
 */
export const management: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create sequence application_ids start 1500000001;
      create table applications (
        application_id bigint primary key,
        name text not null default '',
        declared boolean not null default false,
        enabled boolean not null default true,
        version integer not null default 1,
        created_at timestamptz not null default clock_timestamp()
      );

      create table api_keys (
        secret_id text primary key,
        application_id bigint not null references applications (application_id),
        name text not null default '',
        role text not null check (role in ('viewer', 'operator', 'admin')),
        declared boolean not null default false,
        enabled boolean not null default true,
        sealed bytea,
        version integer not null default 1,
        created_at timestamptz not null default clock_timestamp(),
        expires_at timestamptz,
        last_used_at timestamptz,
        check (declared = (sealed is null))
      );
      create index api_keys_application on api_keys (application_id, secret_id);

      create sequence skill_group_ids start 1000001;
      create table skill_groups (
        skill_group_id bigint primary key,
        application_id bigint not null references applications (application_id),
        name text not null,
        settings jsonb not null,
        version integer not null default 1,
        changed_at timestamptz not null default clock_timestamp(),
        unique (application_id, name)
      );

      create table audit_log (
        id bigint generated always as identity primary key,
        at timestamptz not null default clock_timestamp(),
        actor text not null,
        application_id bigint,
        operation text not null,
        target text not null,
        details jsonb not null
      );
      create index audit_log_application on audit_log (application_id, id);
    `.execute(db)
  },
}
