import { type Kysely, sql } from 'kysely'
import type { Tables } from '../database/tables.ts'

/**
 * Makes the job of a call that is ending, if its assistant has something to be asked. In the transaction that ends the call
 * and before the row forgets its secrets, which move to the job.
 */
export async function enqueueAfterCall(db: Kysely<Tables>, callId: string): Promise<void> {
  await sql`
    insert into call_jobs (call_id, application_id, sealed)
    select call_id, application_id, sealed from calls
    where call_id = ${callId} and sealed is not null and spec -> 'assistant' -> 'afterCall' is not null
    on conflict do nothing`.execute(db)
}
