import { callId, type IntakeRefusal } from '@parley/core'
import { ApiError, type ApiErrorCode } from '../answer/api-error.ts'
import { assistantSpec } from '../assistant/assistant-spec.ts'
import { fieldsWithoutEffect } from '../assistant/create-ai-call-effects.ts'
import { type CreateAiCallParameters, createAiCallParameters } from '../assistant/create-ai-call-parameters.ts'
import { assertCustomTts } from '../assistant/custom-speech.ts'
import { jsonObject } from '../assistant/json-text.ts'
import { assertModelUrl } from '../assistant/model-url.ts'
import { type ActionContext, defineAction } from './action.ts'

const refusalCodes: Readonly<Record<IntakeRefusal['reason'], ApiErrorCode>> = {
  noNumber: 'FailedOperation.NoCallOutNumber',
  noCapacity: 'FailedOperation.AcquireQuota',
}

const defaultAcquireS = 5

/** Places one outbound call and returns as soon as it is certain to be dialled. */
export const createAiCall = defineAction({
  name: 'CreateAICall',
  parameters: createAiCallParameters,
  async run(parameters, context) {
    assertModelUrl('APIUrl', parameters.APIUrl, context.allowPrivateUrls)
    assertCustomTts(parameters.CustomTTSConfig)
    jsonObject('CustomSTTConfig', parameters.CustomSTTConfig)
    const call = newCall(parameters, context)
    const ignored = fieldsWithoutEffect(parameters)
    if (ignored.length > 0) {
      context.logger.warn('accepted parameters without effect', { callId: call.callId, names: ignored })
    }
    const outcome = await context.intake.create(call)
    if (outcome.kind === 'refused') throw new ApiError(refusalCodes[outcome.reason])
    context.logger.info('call accepted', { callId: call.callId, applicationId: call.applicationId })
    return { SessionId: call.callId }
  },
})

function newCall(parameters: CreateAiCallParameters, context: ActionContext) {
  const identity = { callId: callId(context.random.uuid()), applicationId: context.applicationId }
  const { MaxRingTimeoutSecond: ringS, MaxCallDurationMs: callMs } = parameters
  return {
    ...identity,
    callee: parameters.Callee,
    callers: parameters.Callers ?? [],
    limits: { ...(ringS && { ringMs: ringS * 1000 }), ...(callMs && { callMs }) },
    assistant: assistantSpec(parameters, identity, context.turnDefaults, context.skillGroups),
    acquireMs: (parameters.AcquireTimeoutSecond ?? defaultAcquireS) * 1000,
  }
}
