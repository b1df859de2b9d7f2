import { type CallId, callId, type NewCall } from '@parley/core'
import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../database/connect.ts'

/** How long a key stands for its call; the trigger `call_erased` has it, too. */
const keyHours = 24

/** A call that a request under the same key made; `isSame`: by the same request. */
export interface EarlierCall {
  readonly callId: CallId
  readonly isSame: boolean
}

type KeyOfRequest = Pick<NewCall, 'applicationId' | 'idempotency'>

/** The call that the key of this request stood for when it was erased: no rows, or `digest` and `call_id`. */
export const erasedRequest = ({ applicationId, idempotency }: KeyOfRequest): RawBuilder<unknown> => sql`
  select digest, call_id from erased_requests
  where application_id = ${applicationId} and key_hash = sha256(convert_to(${idempotency?.key ?? null}::text, 'UTF8'))
    and until > clock_timestamp()`

/**
 * The call that an idempotency key stands for, also one that was erased meanwhile. Lets go of the key first when the call is
 * older than a day, or was refused: whoever was refused may try again.
 */
export async function findEarlier(db: Database, request: KeyOfRequest): Promise<EarlierCall | undefined> {
  const { applicationId, idempotency } = request
  if (!idempotency) return undefined
  const { key, digest } = idempotency
  await sql`
    update calls set idempotency_key = null, idempotency_digest = null
    where application_id = ${applicationId} and idempotency_key = ${key}
      and (stage = 'refused' or queued_at < clock_timestamp() - make_interval(hours => ${keyHours}))`.execute(db)
  const { rows } = await sql<{ digest: string; call_id: string }>`
    select idempotency_digest as digest, call_id from calls
    where application_id = ${applicationId} and idempotency_key = ${key}
    union all ${erasedRequest(request)}`.execute(db)
  const [row] = rows
  return row && { callId: callId(row.call_id), isSame: row.digest === digest }
}

/** Forgets the keys of erased calls whose time is over. */
export async function forgetErasedRequests(db: Database): Promise<void> {
  await sql`delete from erased_requests where until <= clock_timestamp()`.execute(db)
}
