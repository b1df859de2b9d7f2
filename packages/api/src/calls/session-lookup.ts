import { type CallRecord, callId } from '@parley/core'
import type { ActionContext } from '../actions/action.ts'

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
