import type { CallPush, CallRecord } from '@parley/core'
import { telCdrInfo } from '../calls/tel-cdr-info.ts'
import type { PushContext } from './standard-payload.ts'

/** Body of `action=cdr` and `action=record` of the public API's data push; members as in `TelCdrInfo` where both exist. */
export function cccPayload({ event }: Pick<CallPush, 'event'>, call: CallRecord, context: PushContext) {
  const cdr = telCdrInfo(call, context)
  if (event === 'recording.ready') {
    return {
      SdkAppId: call.applicationId,
      RecordId: cdr.RecordId,
      SessionId: cdr.SessionId,
      Timestamp: cdr.EndedTimestamp,
      EndpointUser: call.direction === 'outbound' ? call.callee : call.caller,
      RecordURL: cdr.RecordURL,
    }
  }
  return {
    SdkAppId: call.applicationId,
    SessionId: cdr.SessionId,
    Caller: cdr.Caller,
    Callee: cdr.Callee,
    Direction: cdr.Direction,
    CallType: cdr.CallType,
    Duration: cdr.Duration,
    SeatUser: cdr.SeatUser,
    CallerLocation: cdr.CallerLocation,
    IVRDuration: cdr.IVRDuration,
    RingTimestamp: cdr.RingTimestamp,
    AcceptTimestamp: cdr.AcceptTimestamp,
    EndedTimestamp: cdr.EndedTimestamp,
    StartTimestamp: cdr.StartTimestamp,
    IVRKeyPressed: cdr.IVRKeyPressed,
    IVRKeyPressedEx: cdr.IVRKeyPressedEx.map(({ Key, Label }) => ({ Key, Label })),
    HungUpSide: cdr.HungUpSide,
    ServeParticipants: cdr.ServeParticipants,
    EndStatusString: cdr.EndStatusString,
    QueuedTimestamp: cdr.QueuedTimestamp,
    PostIVRKeyPressed: cdr.PostIVRKeyPressed,
    QueuedSkillGroupName: cdr.QueuedSkillGroupName,
    QueuedSkillGroupId: cdr.QueuedSkillGroupId,
    RecordId: cdr.RecordId,
    Remark: cdr.Remark,
  }
}
