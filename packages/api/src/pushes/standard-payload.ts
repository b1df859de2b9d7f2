import {
  type AfterCallReport,
  type CallPush,
  type CallRecord,
  type PushEvent,
  recordingFormatOf,
  type TestPush,
} from '@parley/core'
import { callFacts, type FactsContext } from '../calls/call-facts.ts'

export type PushContext = FactsContext

/** `type`, `timestamp`, `data`, as the Standard Webhooks scheme has them. Instants are ISO 8601 in UTC; absent is null. */
export function standardPayload(
  { event, occurredAtMs }: CallPush,
  call: CallRecord,
  context: PushContext,
  report?: AfterCallReport,
) {
  return { type: event, timestamp: iso(occurredAtMs), data: dataOf(event, call, context, report) }
}

/** What a receiver is told that is only to be tried out. */
export const testPayload = ({ event, occurredAtMs, applicationId }: TestPush) => ({
  type: event,
  timestamp: iso(occurredAtMs),
  data: { sdkAppId: applicationId },
})

function dataOf(event: PushEvent, call: CallRecord, context: PushContext, report: AfterCallReport | undefined) {
  const named = {
    callId: call.callId,
    sdkAppId: call.applicationId,
    direction: call.direction,
    caller: call.caller,
    callee: call.callee,
  }
  const facts = callFacts(call, context)
  switch (event) {
    case 'call.answered':
      return { ...named, trunk: call.trunk, createdAt: iso(call.createdAtMs), answeredAt: iso(call.answeredAtMs) }
    case 'call.ended':
      return {
        ...named,
        trunk: call.trunk,
        createdAt: iso(call.createdAtMs),
        ringingAt: iso(call.ringingAtMs),
        answeredAt: iso(call.answeredAtMs),
        endedAt: iso(call.endedAtMs),
        durationS: facts.durationS,
        outcome: call.outcome ?? null,
        endStatus: facts.endStatusString,
        keys: call.keys.map(({ key, atWallMs }) => ({ key, at: iso(atWallMs) })),
        transfers: call.transfers.map((attempt) => ({
          callee: attempt.callee,
          skillGroupId: attempt.skillGroupId,
          startedAt: iso(attempt.startedAtMs),
          answeredAt: iso(attempt.answeredAtMs),
          endedAt: iso(attempt.endedAtMs),
          failure: attempt.failure ?? null,
        })),
        agents: (call.agents ?? []).map(({ agentId, name, version }) => ({ id: agentId, name, version })),
        uui: call.uui ?? null,
        transcriptUrl: facts.transcriptUrl,
      }
    case 'recording.ready':
      return {
        ...named,
        url: facts.recordUrl,
        format: call.recording ? recordingFormatOf(call.recording.path) : null,
        durationMs: call.recording?.durationMs ?? null,
        bytes: call.recording?.bytes ?? null,
      }
    case 'call.analysed': {
      const { extracted = {}, analysis = null, tags = [] } = report?.state === 'done' ? report.result : {}
      return { ...named, isAnswered: report?.state === 'done', extracted, analysis, tags }
    }
    default:
      event satisfies never
      return named
  }
}

function iso<T extends number | undefined>(ms: T): string | null {
  return ms === undefined ? null : new Date(ms).toISOString()
}
