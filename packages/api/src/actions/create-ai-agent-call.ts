import { callId } from '@parley/core'
import { z } from 'zod'
import { agentCall } from '../agents/agent-call.ts'
import { invalidValue } from '../answer/parameter-errors.ts'
import { variables } from '../assistant/create-ai-call-parameters.ts'
import { phoneNumber } from '../assistant/phone-number.ts'
import { callLimits } from '../calls/call-limits.ts'
import { placeCall } from '../calls/place-call.ts'
import { dayMs, integer, sdkAppId } from '../parameters/fields.ts'
import { defineAction } from './action.ts'

/** Places one outbound call with a stored agent, as it is published now. */
export const createAiAgentCall = defineAction({
  name: 'CreateAIAgentCall',
  parameters: z.object({
    SdkAppId: sdkAppId(),
    AIAgentId: z.int(),
    Callee: phoneNumber(),
    Callers: z.array(phoneNumber()).max(500).optional(),
    PromptVariables: variables().optional(),
    Variables: variables().optional(),
    MaxRingTimeoutSecond: integer(0, dayMs / 1000).optional(),
    AcquireTimeoutSecond: integer(0, 5).optional(),
  }),
  async run(parameters, context) {
    const { applicationId, random } = context
    const agent = await context.agents.find(applicationId, parameters.AIAgentId)
    if (!agent) {
      throw invalidValue('AIAgentId', { en: 'is not an agent of this application', zh: '不是该应用的智能体' })
    }
    const { Callee, Callers, PromptVariables = [], Variables = [], AcquireTimeoutSecond: acquireS } = parameters
    const call = agentCall(
      agent,
      {
        callId: callId(random.uuid()),
        applicationId,
        callee: Callee,
        ...(Callers && { callers: Callers }),
        variables: [...PromptVariables, ...Variables],
        limits: callLimits(parameters),
        ...(acquireS !== undefined && { acquireMs: acquireS * 1000 }),
      },
      context,
    )
    return placeCall(call, parameters, context)
  },
})
