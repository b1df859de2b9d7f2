import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What becomes of recordings after their calls: rules, work that waits, and files that are to be deleted. */
export const recordings: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table care_rules (
        application_id bigint primary key,
        recording_format text not null default 'wav' check (recording_format in ('wav', 'mp3', 'opus')),
        moves_recordings boolean not null default false
      );

      create table recording_jobs (
        call_id uuid primary key references calls (call_id) on delete cascade,
        owner text,
        stage text not null check (stage in ('encode', 'move', 'clean')),
        stale text[] not null default '{}',
        attempt integer not null default 0,
        due_at timestamptz not null default clock_timestamp(),
        claimed_by bigint,
        failure text
      );
      create index recording_jobs_due on recording_jobs (owner, due_at);

      create table doomed_files (
        path text primary key,
        owner text,
        attempt integer not null default 0,
        due_at timestamptz not null default clock_timestamp(),
        failure text
      );
      create index doomed_files_due on doomed_files (due_at);
    `.execute(db)
  },
}
