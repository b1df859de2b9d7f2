import { z } from 'zod'
import { callFacts } from '../calls/call-facts.ts'
import { findCall } from '../calls/session-lookup.ts'
import { sessionStatus } from '../calls/session-status.ts'
import { sdkAppId, sessionId } from '../parameters/fields.ts'
import { defineAction } from './action.ts'

/** State of one call. `Session` is null for a call that does not exist. */
export const describeTelSession = defineAction({
  name: 'DescribeTelSession',
  parameters: z.object({ SdkAppId: sdkAppId(), SessionId: sessionId() }),
  async run(parameters, context) {
    const call = await findCall(context, parameters.SessionId)
    if (!call) return { Session: null }
    const facts = callFacts(call, context)
    return {
      Session: {
        SessionID: call.callId,
        RoomID: call.callId,
        Caller: call.caller,
        Callee: call.callee,
        StartTimestamp: facts.startedAtS,
        RingTimestamp: facts.ringingAtS,
        AcceptTimestamp: facts.answeredAtS,
        StaffEmail: null,
        StaffNumber: null,
        SessionStatus: sessionStatus[call.state],
        Direction: facts.direction,
        OutBoundCaller: null,
        OutBoundCallee: null,
        ProtectedCaller: null,
        ProtectedCallee: null,
      },
    }
  },
})
