import { z } from 'zod'
import { findCallWithin } from '../calls/session-lookup.ts'
import { latencyStatistics, turnLatency } from '../calls/turn-latency.ts'
import { sdkAppId, sessionId, unixSeconds } from '../parameters/fields.ts'
import { defineAction } from './action.ts'

/** Latencies of each turn of a call and over the call. A call that is unknown or out of the range has none. */
export const describeAiLatency = defineAction({
  name: 'DescribeAILatency',
  parameters: z.object({
    SdkAppId: sdkAppId(),
    SessionId: sessionId(),
    StartTime: unixSeconds(),
    EndTime: unixSeconds(),
  }),
  async run(parameters, context) {
    const call = await findCallWithin(context, parameters)
    const events = call ? await context.records.events(context.applicationId, call.callId, ['turn.completed']) : []
    const turns = events.flatMap(({ body }) => (body.type === 'turn.completed' ? [turnLatency(body.timings)] : []))
    return { AILatencyDetail: turns, AILatencyStatistics: latencyStatistics(turns) }
  },
})
