import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/**
 * Whose queued call a candidate is, and when each application had its last turn on a trunk. The default of 0 is for engines
 * of an earlier version that still run beside new ones: their candidates share one place in the round.
 */
export const fairDispatch: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      alter table call_candidates add column application_id bigint not null default 0;
      update call_candidates k set application_id = c.application_id from calls c where c.call_id = k.call_id;
      create index call_candidates_fair on call_candidates (trunk, application_id, queued_at);
      drop index call_candidates_next;

      create table trunk_turns (
        trunk text not null,
        application_id bigint not null,
        taken_at timestamptz not null,
        primary key (trunk, application_id)
      );
    `.execute(db)
  },
}
