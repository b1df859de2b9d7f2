import { type CallId, type CallRecord, type CallRecords, callId } from '@parley/core'
import { z } from 'zod'
import type { Access } from './access.ts'
import { Problem } from './problem.ts'

/** `{id}` of a call in a path. What has another form names no call. */
export const callParams = z.object({ id: z.string().describe('SessionId of the call') })

/** Title of the 404 of a call. */
export const noCall = 'no such call'

/** The call that `id` of the path names. @throws Problem 404: there is none, or it is another application's */
export async function ownCall(id: string, access: Access, records: Pick<CallRecords, 'find'>): Promise<CallRecord> {
  const wanted: CallId = callId(id.toLowerCase())
  for (const application of access.applications) {
    const call = await records.find(application, wanted)
    if (call) return call
  }
  throw new Problem(404, noCall)
}
