import { type CallRecord, recordingFormatOf } from '@parley/core'
import type { ActionContext } from '../actions/action.ts'
import { endStatusOf } from './end-status.ts'

/** What addresses in answers are made of. */
export type FactsContext = Pick<ActionContext, 'links' | 'origin' | 'wallMs'>

/** What several answers say of a call, under our names, in the API's units and codes. Absent is null. */
export function callFacts(call: CallRecord, context: FactsContext) {
  const wasAnswered = call.answeredAtMs !== undefined
  const end = call.outcome && endStatusOf(call.outcome, wasAnswered)
  const link = (file: 'recording' | 'transcript') =>
    context.origin +
    context.links.pathTo(
      {
        file,
        applicationId: call.applicationId,
        callId: call.callId,
        format: recordingFormatOf(call.recording?.path ?? ''),
      },
      context.wallMs,
    )
  const isOver = call.endedAtMs !== undefined
  return {
    callType: call.direction === 'outbound' ? 1 : 2,
    direction: call.direction === 'outbound' ? 1 : 0,
    startedAtS: Math.floor(call.createdAtMs / 1000),
    ringingAtS: seconds(call.ringingAtMs),
    answeredAtS: seconds(call.answeredAtMs),
    endedAtS: seconds(call.endedAtMs),
    durationS: durationS(call),
    endStatus: end?.endStatus ?? null,
    endStatusString: end?.endStatusString ?? null,
    sysHangupReason: end?.sysHangupReason ?? null,
    sysHangupReasonString: end?.sysHangupReasonString ?? null,
    hungUpSide: end?.hungUpSide ?? null,
    recordUrl: call.recording ? link('recording') : null,
    transcriptUrl: wasAnswered && isOver ? link('transcript') : null,
    transcriptStatus: isOver ? (wasAnswered ? 'Complete' : 'NotExists') : 'Processing',
    keys: call.keys.map(({ key, atWallMs }) => ({
      Key: key,
      Label: '',
      Timestamp: Math.round(atWallMs),
      NodeLabel: '',
      OriginalContent: key,
      TTSPrompt: '',
    })),
  }
}

function seconds(atMs: number | undefined): number | null {
  return atMs === undefined ? null : Math.floor(atMs / 1000)
}

/** Difference of the two shown instants, so that clients who subtract them agree. */
function durationS(call: CallRecord): number {
  const answeredAtS = seconds(call.answeredAtMs)
  const endedAtS = seconds(call.endedAtMs)
  return answeredAtS === null || endedAtS === null ? 0 : Math.max(0, endedAtS - answeredAtS)
}
