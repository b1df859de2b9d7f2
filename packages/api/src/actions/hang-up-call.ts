import { type CallRecord, VoiceError } from '@parley/core'
import { z } from 'zod'
import { ApiError } from '../answer/api-error.ts'
import { findCall } from '../calls/session-lookup.ts'
import { sdkAppId, sessionId } from '../parameters/fields.ts'
import { defineAction } from './action.ts'

/** Ends a call in any state. Ending a call that is over is a success, so that a retry is harmless. */
export const hangUpCall = defineAction({
  name: 'HangUpCall',
  parameters: z.object({ SdkAppId: sdkAppId(), SessionId: sessionId() }),
  async run(parameters, context) {
    const call = await findCall(context, parameters.SessionId)
    if (!call) throw new ApiError('FailedOperation.SessionNotExists')
    if (isOver(call)) return {}
    if (call.state === 'created' && (await context.intake.withdraw(context.applicationId, call.callId))) return {}
    try {
      await context.control.hangup(call.callId)
    } catch (error) {
      if (!(error instanceof VoiceError) || error.code !== 'CALL_NOT_FOUND') throw error
      const now = await findCall(context, parameters.SessionId)
      if (!now || !isOver(now)) throw error
    }
    return {}
  },
})

function isOver(call: CallRecord): boolean {
  return call.state === 'ending' || call.state === 'ended'
}
