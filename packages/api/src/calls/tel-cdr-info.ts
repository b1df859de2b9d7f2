import type { CallRecord } from '@parley/core'
import { callFacts, type FactsContext } from './call-facts.ts'
import { serveParticipants, takenOverBy } from './serve-participants.ts'

/** A `TelCdrInfo` with every member. Seats, queues and voicemail boxes do not exist here: null or empty. */
export function telCdrInfo(call: CallRecord, context: FactsContext) {
  const facts = callFacts(call, context)
  const taker = takenOverBy(call)
  // The one the call was made with; where it was made without, the first it was handed to.
  const agent = call.agents?.[0]
  return {
    Caller: call.caller,
    Callee: call.callee,
    Time: facts.startedAtS,
    Direction: facts.direction,
    CallType: facts.callType,
    Duration: facts.durationS,
    RecordURL: facts.recordUrl,
    RecordId: call.recording ? call.callId : null,
    SeatUser: null,
    EndStatus: facts.endStatus,
    SkillGroup: taker?.skillGroupName ?? null,
    CallerLocation: null,
    IVRDuration: null,
    RingTimestamp: facts.ringingAtS,
    AcceptTimestamp: facts.answeredAtS,
    EndedTimestamp: facts.endedAtS,
    IVRKeyPressed: facts.keys.map(({ Key }) => Key),
    IVRKeyPressedEx: facts.keys,
    HungUpSide: facts.hungUpSide,
    ServeParticipants: serveParticipants(call),
    SkillGroupId: taker?.skillGroupId ?? null,
    EndStatusString: facts.endStatusString,
    StartTimestamp: facts.startedAtS,
    QueuedTimestamp: null,
    PostIVRKeyPressed: [],
    PostIVRKeyPressedEx: [],
    QueuedSkillGroupId: null,
    SessionId: call.callId,
    ProtectedCaller: null,
    ProtectedCallee: null,
    Uui: call.uui ?? null,
    UUI: call.uui ?? null,
    AsrUrl: facts.transcriptUrl,
    AsrStatus: facts.transcriptStatus,
    CustomRecordURL: null,
    Remark: null,
    QueuedSkillGroupName: null,
    VoicemailRecordURL: [],
    VoicemailAsrURL: [],
    AIAgentId: agent?.agentId ?? null,
    AIAgentName: agent?.name ?? null,
    SysHangupReason: facts.sysHangupReason,
    SysHangupReasonString: facts.sysHangupReasonString,
  }
}
