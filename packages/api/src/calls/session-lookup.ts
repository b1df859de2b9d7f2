import { type CallRecord, callId } from '@parley/core'
import { z } from 'zod'
import type { ActionContext } from '../actions/action.ts'
import { sdkAppId, sessionId, unixSeconds } from '../parameters/fields.ts'
import { rangeHolds } from './time-range.ts'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** A `SessionId` as a call id; undefined when it cannot be one of ours. */
export function parseSessionId(sessionId: string) {
  const text = sessionId.trim().toLowerCase()
  return uuid.test(text) ? callId(text) : undefined
}

/** The application's call of that `SessionId`. */
export async function findCall(context: ActionContext, sessionId: string): Promise<CallRecord | undefined> {
  const id = parseSessionId(sessionId)
  return id && (await context.records.find(context.applicationId, id))
}

/** Parameters of the actions that ask for a call and the time it lies in. */
export const callWithin = z.object({
  SdkAppId: sdkAppId(),
  SessionId: sessionId(),
  StartTime: unixSeconds(),
  EndTime: unixSeconds(),
})

/** The application's call of that `SessionId`, if it was created within `StartTime` and `EndTime`. */
export async function findCallWithin(
  context: ActionContext,
  query: z.output<typeof callWithin>,
): Promise<CallRecord | undefined> {
  const range = {
    start: { name: 'StartTime', seconds: query.StartTime },
    end: { name: 'EndTime', seconds: query.EndTime },
  }
  const call = await findCall(context, query.SessionId)
  return call && rangeHolds(range, call.createdAtMs) ? call : undefined
}
