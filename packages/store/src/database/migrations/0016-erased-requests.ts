import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/**
 * Idempotency keys whose calls were erased before the time of the key was over, so that a repetition dials nobody again. Of
 * the key only its hash stays. By a trigger, for calls go in several ways, and engines of an earlier version may still run.
 */
export const erasedRequests: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table erased_requests (
        application_id bigint not null,
        key_hash bytea not null,
        digest text not null,
        call_id uuid not null,
        until timestamptz not null,
        primary key (application_id, key_hash)
      );
      create index erased_requests_until on erased_requests (until);

      create function keep_request() returns trigger language plpgsql as $$
      begin
        insert into erased_requests (application_id, key_hash, digest, call_id, until)
        values (old.application_id, sha256(convert_to(old.idempotency_key, 'UTF8')), old.idempotency_digest, old.call_id,
          old.queued_at + interval '24 hours')
        on conflict (application_id, key_hash) do update
        set digest = excluded.digest, call_id = excluded.call_id, until = excluded.until;
        return null;
      end $$;
      create trigger call_erased after delete on calls for each row
        when (old.idempotency_key is not null and old.stage = 'closed'
          and old.queued_at > clock_timestamp() - interval '24 hours')
        execute function keep_request();
    `.execute(db)
  },
}
