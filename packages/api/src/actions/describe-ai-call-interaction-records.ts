import { z } from 'zod'
import { ApiError } from '../answer/api-error.ts'
import { interactionRounds } from '../calls/interaction-rounds.ts'
import { findCall } from '../calls/session-lookup.ts'
import { sdkAppId, sessionId } from '../parameters/fields.ts'
import { defineAction } from './action.ts'

/** What was said, round by round, also while the call runs. */
export const describeAiCallInteractionRecords = defineAction({
  name: 'DescribeAICallInteractionRecords',
  parameters: z.object({ SdkAppId: sdkAppId(), SessionId: sessionId() }),
  async run({ SessionId }, context) {
    const call = await findCall(context, SessionId)
    if (!call) throw new ApiError('FailedOperation.SessionNotExists')
    const types = ['user.said', 'assistant.said', 'turn.completed'] as const
    const events = await context.records.events(context.applicationId, call.callId, types)
    return { InteractionEventList: interactionRounds(call, events) }
  },
})
