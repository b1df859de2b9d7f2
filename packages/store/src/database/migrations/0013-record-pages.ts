import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/**
 * What makes pages of a million calls quick: indexes that hold exactly what is shown, and the number of calls of each hour
 * that is over. An hour is counted by the first who needs it; whatever changes its number afterwards makes it uncounted
 * (`calls` null). The triggers look only at calls of hours that may be counted, so that a new call costs nothing.
 */
export const recordPages: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create index calls_shown on calls (application_id, created_at_ms desc, call_id) where stage <> 'refused';
      create index calls_in_progress on calls (application_id, created_at_ms desc, call_id)
        where stage in ('claimed', 'sent');
      drop index calls_newest;

      create table call_hours (
        application_id bigint not null,
        hour bigint not null,
        calls integer,
        changed_at timestamptz not null default clock_timestamp(),
        primary key (application_id, hour)
      );

      create function forget_call_hour() returns trigger language plpgsql as $$
      begin
        insert into call_hours (application_id, hour) values (new.application_id, new.created_at_ms / 3600000)
        on conflict (application_id, hour) do update set calls = null, changed_at = clock_timestamp();
        return null;
      end $$;
      create function forget_call_hours() returns trigger language plpgsql as $$
      begin
        insert into call_hours (application_id, hour)
        select distinct application_id, created_at_ms / 3600000 from gone order by 1, 2
        on conflict (application_id, hour) do update set calls = null, changed_at = clock_timestamp();
        return null;
      end $$;
      create trigger call_added after insert on calls for each row
        when (new.created_at_ms < extract(epoch from clock_timestamp()) * 1000 - 3600000)
        execute function forget_call_hour();
      create trigger call_shown after update of stage on calls for each row
        when ((old.stage = 'refused') <> (new.stage = 'refused')
          and new.created_at_ms < extract(epoch from clock_timestamp()) * 1000 - 3600000)
        execute function forget_call_hour();
      create trigger calls_deleted after delete on calls referencing old table as gone for each statement
        execute function forget_call_hours();
    `.execute(db)
  },
}
