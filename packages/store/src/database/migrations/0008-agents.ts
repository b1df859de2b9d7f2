import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Stored agents with their versions, and which of them held a call. */
export const agents: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table agents (
        application_id bigint not null,
        agent_id bigint not null,
        declared boolean not null,
        version integer not null,
        latest_version integer not null,
        revision integer not null default 1,
        deleted_at timestamptz,
        primary key (application_id, agent_id)
      );

      create table agent_versions (
        application_id bigint not null,
        agent_id bigint not null,
        version integer not null,
        name text not null,
        settings jsonb not null,
        sealed bytea not null,
        created_at timestamptz not null default clock_timestamp(),
        primary key (application_id, agent_id, version),
        foreign key (application_id, agent_id) references agents (application_id, agent_id)
      );

      alter table calls add column agents jsonb not null default '[]', add column uui text;
    `.execute(db)
  },
}
