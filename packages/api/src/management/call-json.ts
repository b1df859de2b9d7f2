import { type CallRecord, recordingFormatOf } from '@parley/core'

/** A call as `/v1` shows it. Instants are ISO 8601; `recordingUrl` opens the recording for a day. */
export function callJson(call: CallRecord, recordingUrl: string | undefined) {
  const { recording, outcome, quality } = call
  return {
    id: call.callId,
    sdkAppId: call.applicationId,
    direction: call.direction,
    caller: call.caller,
    callee: call.callee,
    trunk: call.trunk,
    state: call.state,
    createdAt: iso(call.createdAtMs),
    ringingAt: iso(call.ringingAtMs),
    answeredAt: iso(call.answeredAtMs),
    endedAt: iso(call.endedAtMs),
    outcome,
    quality,
    recording: recording && {
      format: recordingFormatOf(recording.path),
      durationMs: recording.durationMs,
      bytes: recording.bytes,
      url: recordingUrl,
    },
    keys: call.keys.map(({ key, atWallMs }) => ({ key, at: iso(atWallMs) })),
    transfers: call.transfers,
  }
}

/** Undefined members are left out of JSON. */
const iso = (wallMs: number | undefined): string | undefined =>
  wallMs === undefined ? undefined : new Date(wallMs).toISOString()
