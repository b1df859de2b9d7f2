import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Questions to a call's own model once the call is over, and the answers. */
export const callJobs: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table call_jobs (
        call_id uuid primary key references calls (call_id) on delete cascade,
        application_id bigint not null,
        state text not null default 'pending' check (state in ('pending', 'done', 'failed')),
        attempt integer not null default 0,
        due_at timestamptz not null default clock_timestamp(),
        sealed bytea,
        result jsonb,
        failure text,
        check (state = 'pending' or sealed is null),
        check ((state = 'done') = (result is not null))
      );
      create index call_jobs_due on call_jobs (due_at) where state = 'pending';
    `.execute(db)
  },
}
