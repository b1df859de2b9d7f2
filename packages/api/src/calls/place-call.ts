import type { DialRefusal, IntakeRefusal, NewCall } from '@parley/core'
import type { ActionContext } from '../actions/action.ts'
import { ApiError, type ApiErrorCode } from '../answer/api-error.ts'
import type { LocalizedText } from '../answer/localized-text.ts'
import { idempotencyOf } from './idempotency.ts'

const refusalCodes: Readonly<Record<Exclude<IntakeRefusal['reason'], 'forbidden'>, ApiErrorCode>> = {
  noNumber: 'FailedOperation.NoCallOutNumber',
  noCapacity: 'FailedOperation.AcquireQuota',
  keyReused: 'InvalidParameter',
}

const dialCodes: Readonly<Record<DialRefusal['reason'], ApiErrorCode>> = {
  doNotCall: 'FailedOperation.CalleeIsBlackUser',
  tooManyToday: 'FailedOperation.CalloutRuleMaxCallCountCalleePerDayAppID',
  tooSoon: 'FailedOperation.CalloutRuleMaxCallCountCalleeIntervalTime',
  notWorkingTime: 'FailedOperation.CalloutRuleNotWorkTime',
}

const refusalTexts: Readonly<Partial<Record<IntakeRefusal['reason'], LocalizedText>>> = {
  keyReused: {
    en: 'The X-Idempotency-Key was used within 24 hours for a request with other parameters.',
    zh: 'X-Idempotency-Key 在 24 小时内已用于参数不同的请求。',
  },
}

/**
 * Has `call` dialled, or finds the call that an earlier request under the same idempotency key made. `parameters`: what was
 * asked for. The answer of the actions that place a call.
 *
 * @throws ApiError for the reasons the dial queue has
 */
export async function placeCall(
  call: NewCall,
  parameters: object,
  context: ActionContext,
): Promise<{ readonly SessionId: string }> {
  const idempotency = idempotencyOf(context.idempotencyKey, parameters)
  const { callId, applicationId } = call
  const outcome = await context.intake.create({ ...call, ...(idempotency && { idempotency }) })
  if (outcome.kind === 'refused' && outcome.reason === 'forbidden')
    throw new ApiError(dialCodes[outcome.refusal.reason])
  if (outcome.kind === 'refused') throw new ApiError(refusalCodes[outcome.reason], refusalTexts[outcome.reason])
  if (outcome.repeats) {
    context.logger.info('request repeated, no call made', { callId: outcome.repeats })
    return { SessionId: outcome.repeats }
  }
  context.logger.info('call accepted', { callId, applicationId })
  return { SessionId: callId }
}
