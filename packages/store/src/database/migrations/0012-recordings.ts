import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What becomes of calls that are over: rules, work on recordings, files to delete, what was erased; and files to play. */
export const recordings: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table care_rules (
        application_id bigint primary key,
        recording_format text not null default 'wav' check (recording_format in ('wav', 'mp3', 'opus')),
        moves_recordings boolean not null default false,
        recordings_days integer check (recordings_days > 0),
        transcripts_days integer check (transcripts_days > 0),
        journal_days integer check (journal_days > 0),
        records_days integer check (records_days > 0)
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

      create table sounds (
        application_id bigint not null,
        file_id integer not null,
        custom_name text not null,
        file_name text not null,
        duration_ms integer not null,
        audio bytea not null,
        created_at timestamptz not null default clock_timestamp(),
        primary key (application_id, file_id)
      );

      alter table calls
        add column transcript_kept boolean not null default true,
        add column journal_kept boolean not null default true;
      create index calls_ended on calls (application_id, ended_at_ms) where stage = 'closed';
      create index calls_recorded on calls (application_id, ended_at_ms)
        where stage = 'closed' and (recording is not null or recording_path is not null);
      create index calls_transcript on calls (application_id, ended_at_ms) where stage = 'closed' and transcript_kept;
      create index calls_journal on calls (application_id, ended_at_ms) where stage = 'closed' and journal_kept;
    `.execute(db)
  },
}
