import { type CallRecord, callId } from '@parley/core'
import type { ActionContext } from '../actions/action.ts'
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

/** The same, if it was created within `StartTime` and `EndTime`. */
export async function findCallWithin(
  context: ActionContext,
  query: { readonly SessionId: string; readonly StartTime: number; readonly EndTime: number },
): Promise<CallRecord | undefined> {
  const range = {
    start: { name: 'StartTime', seconds: query.StartTime },
    end: { name: 'EndTime', seconds: query.EndTime },
  }
  const call = await findCall(context, query.SessionId)
  return call && rangeHolds(range, call.createdAtMs) ? call : undefined
}
