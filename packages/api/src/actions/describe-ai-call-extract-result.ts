import type { ExtractedValue, ExtractField } from '@parley/core'
import { z } from 'zod'
import { invalidValue } from '../answer/parameter-errors.ts'
import { infoTypes } from '../assistant/after-call-plan.ts'
import { findCallWithin } from '../calls/session-lookup.ts'
import { sdkAppId, sessionId, unixSeconds } from '../parameters/fields.ts'
import { defineAction } from './action.ts'

/** Values that the call's model took from the talk. Empty until it has answered. */
export const describeAiCallExtractResult = defineAction({
  name: 'DescribeAICallExtractResult',
  parameters: z.object({
    SdkAppId: sdkAppId(),
    SessionId: sessionId(),
    StartTime: unixSeconds(),
    EndTime: unixSeconds(),
  }),
  async run(parameters, context) {
    const call = await findCallWithin(context, parameters)
    if (!call) {
      throw invalidValue('SessionId', { en: 'names no call of this period', zh: '在该时间范围内不存在' })
    }
    const report = await context.records.afterCall(context.applicationId, call.callId)
    if (!report || report.state === 'pending') return { ResultList: [] }
    const values = report.state === 'done' ? report.result.extracted : {}
    return { ResultList: report.plan.extract.map((field) => resultElement(field, values)) }
  },
})

function resultElement(field: ExtractField, values: Readonly<Record<string, ExtractedValue>>) {
  const value = Object.hasOwn(values, field.name) ? values[field.name] : null
  return {
    InfoType: infoTypes[field.kind],
    InfoName: field.name,
    InfoContent: field.description ?? '',
    Result: value === null || value === undefined ? null : { [resultMembers[field.kind]]: value },
  }
}

const resultMembers = { text: 'Text', selector: 'Chosen', boolean: 'Boolean', number: 'Number' } as const
