import { type CallRecord, recordingFormatOf } from '@parley/core'
import { z } from 'zod'
import { component } from './openapi.ts'

const instant = z.string().describe('ISO 8601')

/** A call as `/v1` shows it. Members that do not apply are absent. */
export const callSchema = component(
  'Call',
  z.object({
    id: z.string(),
    sdkAppId: z.int(),
    direction: z.enum(['outbound', 'inbound']),
    caller: z.string(),
    callee: z.string(),
    trunk: z.string(),
    state: z.string(),
    createdAt: instant,
    ringingAt: instant.optional(),
    answeredAt: instant.optional(),
    endedAt: instant.optional(),
    outcome: z
      .looseObject({ kind: z.enum(['completed', 'unanswered', 'cancelled', 'expired', 'transferred', 'failed']) })
      .optional(),
    quality: z.looseObject({ codec: z.string() }).optional(),
    recording: z
      .object({
        format: z.enum(['wav', 'mp3', 'opus']),
        durationMs: z.number(),
        bytes: z.int(),
        url: z.string().optional(),
      })
      .optional(),
    keys: z.array(z.object({ key: z.string(), at: instant })),
    transfers: z.array(z.looseObject({ attempt: z.int(), skillGroupId: z.int() })),
    agents: z.array(z.object({ agentId: z.int(), name: z.string(), version: z.int() })).optional(),
    tags: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
    uui: z.string().optional(),
  }),
)

/** Instants are ISO 8601; `recordingUrl` opens the recording for a day. */
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
    agents: call.agents,
    tags: call.tags,
    uui: call.uui,
  }
}

/** Undefined members are left out of JSON. */
const iso = (wallMs: number | undefined): string | undefined =>
  wallMs === undefined ? undefined : new Date(wallMs).toISOString()
