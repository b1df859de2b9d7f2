import { callId, type NewCall } from '@parley/core'
import { assertAgents } from '../agents/assert-agents.ts'
import { assertAssistant } from '../assistant/assert-assistant.ts'
import { assistantSpec } from '../assistant/assistant-spec.ts'
import { type CreateAiCallParameters, createAiCallParameters } from '../assistant/create-ai-call-parameters.ts'
import { callLimits, defaultAcquireS } from '../calls/call-limits.ts'
import { placeCall } from '../calls/place-call.ts'
import { type ActionContext, defineAction } from './action.ts'

/** Places one outbound call and returns as soon as it is certain to be dialled. */
export const createAiCall = defineAction({
  name: 'CreateAICall',
  parameters: createAiCallParameters,
  async run(parameters, context) {
    assertAssistant(parameters, context.allowPrivateUrls)
    const call = newCall(parameters, context)
    await assertAgents(parameters, context.applicationId, context.agents)
    return placeCall(call, parameters, context)
  },
})

function newCall(parameters: CreateAiCallParameters, context: ActionContext): NewCall {
  const identity = { callId: callId(context.random.uuid()), applicationId: context.applicationId }
  return {
    ...identity,
    callee: parameters.Callee,
    callers: parameters.Callers ?? [],
    limits: callLimits(parameters),
    assistant: assistantSpec(parameters, identity, context.turnDefaults, context.skillGroups),
    acquireMs: (parameters.AcquireTimeoutSecond ?? defaultAcquireS) * 1000,
  }
}
