import { z } from 'zod'
import { findCall } from '../calls/session-lookup.ts'
import { rangeHolds } from '../calls/time-range.ts'
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
    const range = {
      start: { name: 'StartTime', seconds: parameters.StartTime },
      end: { name: 'EndTime', seconds: parameters.EndTime },
    }
    const call = await findCall(context, parameters.SessionId)
    const isInRange = call !== undefined && rangeHolds(range, call.createdAtMs)
    const events = isInRange ? await context.records.events(context.applicationId, call.callId, ['turn.completed']) : []
    const turns = events.flatMap(({ body }) => (body.type === 'turn.completed' ? [turnLatency(body.timings)] : []))
    return { AILatencyDetail: turns, AILatencyStatistics: latencyStatistics(turns) }
  },
})
