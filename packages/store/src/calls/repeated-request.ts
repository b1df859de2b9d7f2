import { type CallId, callId, type NewCall } from '@parley/core'
import { sql } from 'kysely'
import type { Database } from '../database/connect.ts'

/** How long a key stands for its call. */
const keyHours = 24

/** A call that a request under the same key made; `isSame`: by the same request. */
export interface EarlierCall {
  readonly callId: CallId
  readonly isSame: boolean
}

/**
 * The call that an idempotency key stands for. Lets go of the key first when the call is older than a day, or was refused:
 * whoever was refused may try again.
 */
export async function findEarlier(
  db: Database,
  { applicationId, idempotency }: Pick<NewCall, 'applicationId' | 'idempotency'>,
): Promise<EarlierCall | undefined> {
  if (!idempotency) return undefined
  const { key, digest } = idempotency
  await sql`
    update calls set idempotency_key = null, idempotency_digest = null
    where application_id = ${applicationId} and idempotency_key = ${key}
      and (stage = 'refused' or queued_at < clock_timestamp() - make_interval(hours => ${keyHours}))`.execute(db)
  const row = await db
    .selectFrom('calls')
    .select(['call_id', 'idempotency_digest'])
    .where('application_id', '=', applicationId)
    .where('idempotency_key', '=', key)
    .executeTakeFirst()
  return row && { callId: callId(row.call_id), isSame: row.idempotency_digest === digest }
}
