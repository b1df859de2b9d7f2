import { z } from 'zod'
import { findCallWithin } from '../calls/session-lookup.ts'
import { sdkAppId, sessionId, unixSeconds } from '../parameters/fields.ts'
import { defineAction } from './action.ts'

/** What the call's model made of the talk as a whole. Empty until it has answered, and for calls that did not ask for it. */
export const describeAiAnalysisResult = defineAction({
  name: 'DescribeAIAnalysisResult',
  parameters: z.object({
    SdkAppId: sdkAppId(),
    SessionId: sessionId(),
    StartTime: unixSeconds(),
    EndTime: unixSeconds(),
  }),
  async run(parameters, context) {
    const call = await findCallWithin(context, parameters)
    const report = call && (await context.records.afterCall(context.applicationId, call.callId))
    const analysis = report?.state === 'done' ? report.result.analysis : undefined
    if (!analysis) return { ResultList: [] }
    const { summary, mood, intention } = analysis
    const results = Object.entries({ summary, mood, intention }).filter(([, text]) => text !== null)
    return { ResultList: results.map(([Type, Result]) => ({ Type, Result })) }
  },
})
