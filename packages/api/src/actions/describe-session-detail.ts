import { z } from 'zod'
import { ApiError } from '../answer/api-error.ts'
import { callFacts } from '../calls/call-facts.ts'
import { findCall } from '../calls/session-lookup.ts'
import { assertQueryable, rangeHolds } from '../calls/time-range.ts'
import { sdkAppId, sessionId, unixSeconds } from '../parameters/fields.ts'
import { defineAction } from './action.ts'

/** One call with all that is known of it. */
export const describeSessionDetail = defineAction({
  name: 'DescribeSessionDetail',
  parameters: z.object({
    SdkAppId: sdkAppId(),
    SessionId: sessionId(),
    StartTimestamp: unixSeconds(),
    EndTimestamp: unixSeconds(),
  }),
  async run(parameters, context) {
    const range = {
      start: { name: 'StartTimestamp', seconds: parameters.StartTimestamp },
      end: { name: 'EndTimestamp', seconds: parameters.EndTimestamp },
    }
    assertQueryable(range, context.wallMs)
    const call = await findCall(context, parameters.SessionId)
    if (!call || !rangeHolds(range, call.createdAtMs)) throw new ApiError('FailedOperation.SessionNotExists')
    const facts = callFacts(call, context)
    return {
      Caller: call.caller,
      Callee: call.callee,
      CallType: facts.callType,
      // The capital S is the API's.
      StartTimeStamp: facts.startedAtS,
      RingTimestamp: facts.ringingAtS,
      AcceptTimestamp: facts.answeredAtS,
      EndedTimestamp: facts.endedAtS,
      QueuedTimestamp: null,
      StaffUserId: null,
      EndStatus: facts.endStatus,
      QueuedSkillGroupId: null,
      QueuedSkillGroupName: null,
      RecordURL: facts.recordUrl,
      CustomRecordURL: null,
      AsrURL: facts.transcriptUrl,
      VoicemailRecordURL: [],
      VoicemailAsrURL: [],
      IVRKeyPressed: facts.keys,
      PostIVRKeyPressed: [],
      HungUpSide: facts.hungUpSide,
      UUI: call.uui ?? null,
      Events: [],
      ServeParticipants: [],
      SysHangupReason: facts.sysHangupReason,
      SysHangupReasonString: facts.sysHangupReasonString,
    }
  },
})
