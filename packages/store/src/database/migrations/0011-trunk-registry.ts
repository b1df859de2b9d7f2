import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Trunks and numbers made at run time, and what applications say of the numbers they may use. */
export const trunkRegistry: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      alter table trunks
        add column trunk_id bigint generated always as identity unique,
        add column declared boolean not null default true,
        add column version bigint not null default 1,
        add column settings jsonb not null default '{}',
        add column sealed bytea;
      alter table numbers
        add column number_id bigint generated always as identity unique,
        add column version bigint not null default 1,
        add column call_in boolean not null default true,
        add column call_out boolean not null default true,
        add column assistant text;

      create table number_states (
        application_id bigint not null,
        trunk text not null,
        number text not null,
        disabled boolean not null default false,
        skill_group_ids bigint[] not null default '{}',
        primary key (application_id, trunk, number),
        foreign key (trunk, number) references numbers (trunk, number) on delete cascade
      );
    `.execute(db)
  },
}
