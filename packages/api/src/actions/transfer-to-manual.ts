import { VoiceError } from '@parley/core'
import { z } from 'zod'
import { ApiError } from '../answer/api-error.ts'
import { findCall } from '../calls/session-lookup.ts'
import { sdkAppId, sessionId } from '../parameters/fields.ts'
import { defineAction } from './action.ts'

/** Stops the assistant of a live call and looks for a human of a skill group; it comes back when nobody takes the call. */
export const transferToManual = defineAction({
  name: 'TransferToManual',
  parameters: z.object({ SdkAppId: sdkAppId(), SessionId: sessionId(), SkillGroupId: z.int() }),
  async run({ SessionId, SkillGroupId }, context) {
    const call = await findCall(context, SessionId)
    if (!call) throw new ApiError('FailedOperation.SessionNotExists')
    // Before the state of the call: a group of somebody else is answered as one that does not exist.
    if (!context.skillGroups.some(({ id }) => id === SkillGroupId)) {
      throw new ApiError('InvalidParameterValue.SkillGroupError')
    }
    try {
      await context.control.transfer(call.callId, SkillGroupId)
    } catch (error) {
      throw isWithoutTalk(error) ? new ApiError('FailedOperation.SessionNotExists', noTalk) : error
    }
    return {}
  },
})

/** The action declares one code for a session that is not there and for one that cannot be transferred. */
function isWithoutTalk(error: unknown): boolean {
  return error instanceof VoiceError && (error.code === 'CALL_NOT_FOUND' || error.code === 'CALL_NOT_CONTROLLABLE')
}

const noTalk = {
  en: 'The session has no talk that could be transferred: it was not answered yet, is with a human, or is over.',
  zh: '会话当前无法转人工：尚未接听、正在转接或已结束。',
}
