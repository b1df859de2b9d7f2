import { callId, type IntakeRefusal } from '@parley/core'
import { ApiError, type ApiErrorCode } from '../answer/api-error.ts'
import type { LocalizedText } from '../answer/localized-text.ts'
import { assistantSpec } from '../assistant/assistant-spec.ts'
import { fieldsWithoutEffect } from '../assistant/create-ai-call-effects.ts'
import { type CreateAiCallParameters, createAiCallParameters } from '../assistant/create-ai-call-parameters.ts'
import { assertCustomTts } from '../assistant/custom-speech.ts'
import { jsonObject } from '../assistant/json-text.ts'
import { assertModelUrl } from '../assistant/model-url.ts'
import { idempotencyOf } from '../calls/idempotency.ts'
import { type ActionContext, defineAction } from './action.ts'

const refusalCodes: Readonly<Record<IntakeRefusal['reason'], ApiErrorCode>> = {
  noNumber: 'FailedOperation.NoCallOutNumber',
  noCapacity: 'FailedOperation.AcquireQuota',
  keyReused: 'InvalidParameter',
}

const refusalTexts: Readonly<Partial<Record<IntakeRefusal['reason'], LocalizedText>>> = {
  keyReused: {
    en: 'The X-Idempotency-Key was used within 24 hours for a request with other parameters.',
    zh: 'X-Idempotency-Key 在 24 小时内已用于参数不同的请求。',
  },
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
    const idempotency = idempotencyOf(context.idempotencyKey, parameters)
    const call = { ...newCall(parameters, context), ...(idempotency && { idempotency }) }
    const ignored = fieldsWithoutEffect(parameters)
    if (ignored.length > 0) {
      context.logger.warn('accepted parameters without effect', { callId: call.callId, names: ignored })
    }
    const outcome = await context.intake.create(call)
    if (outcome.kind === 'refused') throw new ApiError(refusalCodes[outcome.reason], refusalTexts[outcome.reason])
    if (outcome.repeats) {
      context.logger.info('request repeated, no call made', { callId: outcome.repeats })
      return { SessionId: outcome.repeats }
    }
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
