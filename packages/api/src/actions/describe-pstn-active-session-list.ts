import { z } from 'zod'
import { callFacts } from '../calls/call-facts.ts'
import { sessionStatus } from '../calls/session-status.ts'
import { integer, sdkAppId } from '../parameters/fields.ts'
import { defineAction } from './action.ts'

/** Calls of the application in progress, newest first. */
export const describePstnActiveSessionList = defineAction({
  name: 'DescribePSTNActiveSessionList',
  parameters: z.object({ SdkAppId: sdkAppId(), Offset: integer(0, 1_000_000), Limit: integer(1, 25) }),
  async run({ Offset, Limit }, context) {
    const { total, calls } = await context.records.list({
      applicationId: context.applicationId,
      fromMs: 0,
      toMs: Number.MAX_SAFE_INTEGER,
      live: true,
      limit: Limit,
      offset: Offset,
    })
    return {
      Total: total,
      Sessions: calls.map((call) => {
        const facts = callFacts(call, context)
        return {
          SessionID: call.callId,
          RoomID: call.callId,
          Caller: call.caller,
          Callee: call.callee,
          // Texts, where every other action has numbers.
          StartTimestamp: String(facts.startedAtS),
          AcceptTimestamp: facts.answeredAtS === null ? null : String(facts.answeredAtS),
          StaffEmail: null,
          StaffNumber: null,
          SessionStatus: sessionStatus[call.state],
          Direction: facts.direction,
          RingTimestamp: facts.ringingAtS,
          ProtectedCaller: null,
          ProtectedCallee: null,
        }
      }),
    }
  },
})
