import { type CallRecord, VoiceError, waitUntil } from '@parley/core'
import { z } from 'zod'
import { ApiError } from '../answer/api-error.ts'
import { findCall } from '../calls/session-lookup.ts'
import { sdkAppId, sessionId } from '../parameters/fields.ts'
import { type ActionContext, defineAction } from './action.ts'

/** Between being taken from the queue and being held by an engine a call can be reached by nobody for a moment. */
const retryAfterMs = 100
const maxAttempts = 20

/** Ends a call in any state. Ending a call that is over is a success, so that a retry is harmless. */
export const hangUpCall = defineAction({
  name: 'HangUpCall',
  parameters: z.object({ SdkAppId: sdkAppId(), SessionId: sessionId() }),
  async run(parameters, context) {
    for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
      const call = await findCall(context, parameters.SessionId)
      if (!call) throw new ApiError('FailedOperation.SessionNotExists')
      if (await isEnded(call, context)) return {}
      await waitUntil(context.clock, context.clock.nowMs() + retryAfterMs)
    }
    throw new ApiError('FailedOperation.SessionNotInControlState')
  },
})

/** False when nobody holds the call at the moment. */
async function isEnded(call: CallRecord, context: ActionContext): Promise<boolean> {
  if (call.state === 'ending' || call.state === 'ended') return true
  if (call.state === 'created' && (await context.intake.withdraw(context.applicationId, call.callId))) return true
  try {
    await context.control.hangup(call.callId)
    return true
  } catch (error) {
    if (error instanceof VoiceError && error.code === 'CALL_NOT_FOUND') return false
    throw error
  }
}
