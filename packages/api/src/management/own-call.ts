import { type CallRecord, type CallRecords, callId } from '@parley/core'
import type { FastifyRequest } from 'fastify'
import type { Credential } from '../auth/key-ring.ts'

/** The call that `:id` of the path names. Undefined: there is none, or it is another application's. */
export async function ownCall(
  request: FastifyRequest,
  credential: Credential,
  records: Pick<CallRecords, 'find'>,
): Promise<CallRecord | undefined> {
  const id = callId((request.params as { readonly id: string }).id.toLowerCase())
  for (const application of credential.applications) {
    const call = await records.find(application, id)
    if (call) return call
  }
  return undefined
}
