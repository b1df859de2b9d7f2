import { z } from 'zod'
import { assertQueryable } from '../calls/time-range.ts'
import { unixSeconds } from '../parameters/fields.ts'
import { defineKeyAction, ownedApplications } from './action.ts'

/** Minutes talked in a period, summed over applications. */
export const describeTelCallInfo = defineKeyAction({
  name: 'DescribeTelCallInfo',
  parameters: z.object({
    StartTimeStamp: unixSeconds(),
    EndTimeStamp: unixSeconds(),
    SdkAppIdList: z.array(z.int()).min(1).max(100),
  }),
  async run({ StartTimeStamp, EndTimeStamp, SdkAppIdList }, context) {
    const range = {
      start: { name: 'StartTimeStamp', seconds: StartTimeStamp },
      end: { name: 'EndTimeStamp', seconds: EndTimeStamp },
    }
    assertQueryable(range, context.wallMs)
    let outbound = 0
    let inbound = 0
    for (const applicationId of new Set(ownedApplications(SdkAppIdList, context.applications))) {
      const period = { applicationId, fromMs: StartTimeStamp * 1000, toMs: EndTimeStamp * 1000 + 999 }
      const minutes = await context.records.talkMinutes(period)
      outbound += minutes.outbound
      inbound += minutes.inbound
    }
    return {
      TelCallOutCount: outbound,
      TelCallInCount: inbound,
      SeatUsedCount: 0,
      VoipCallInCount: 0,
      VOIPCallInCount: 0,
      AsrOfflineCount: 0,
      // The assistant listens as long as a call lasts.
      AsrRealtimeCount: outbound + inbound,
    }
  },
})
