import type { CallEvent } from '@parley/core'
import { turnLatency } from '../calls/turn-latency.ts'

/** An event as clients of the streams see it. */
export interface PublicEvent {
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
}

/** None: an event for the inside. Two: a recording is ready when its call ends. Paths of files are never shown. */
export function publicEvents({ body }: CallEvent): readonly PublicEvent[] {
  switch (body.type) {
    case 'call.incoming': {
      const { direction, caller, callee, trunk, agent } = body
      return [{ type: body.type, data: { direction, caller, callee, trunk, ...(agent && { agent }) } }]
    }
    case 'call.ended': {
      const { outcome, quality, recording } = body
      const { durationMs, bytes } = recording ?? {}
      return [
        ...(recording ? [{ type: 'recording.ready', data: { durationMs, bytes } }] : []),
        { type: body.type, data: { outcome, ...(quality && { quality }) } },
      ]
    }
    case 'user.said': {
      const { type: _, ...said } = body
      return [{ type: 'transcript.final', data: { role: 'user', ...said } }]
    }
    case 'turn.completed': {
      const { timings } = body
      const latency = turnLatency(timings)
      const known = (ms: number) => (ms < 0 ? undefined : ms)
      const latencyMs = {
        endToEnd: known(latency.ETELatency),
        recognition: known(latency.ASRLatency),
        modelFirstToken: known(latency.LLMFirstTokenLatency),
        model: known(latency.LLMLatency),
        synthesisFirstAudio: known(latency.TTSLatency),
      }
      return [
        {
          type: body.type,
          data: { turn: timings.turn, interrupted: timings.interruptedAtMs !== undefined, latencyMs },
        },
      ]
    }
    case 'call.dialing':
    case 'call.ringing':
    case 'call.answered':
    case 'assistant.said':
    case 'transfer.started':
    case 'transfer.ringing':
    case 'transfer.answered':
    case 'transfer.joined':
    case 'transfer.failed':
    case 'transfer.ended':
    case 'agent.joined':
    case 'dtmf':
    case 'recording.paused':
    case 'recording.resumed':
    case 'talk.repaired':
    case 'provider.failed': {
      const { type, ...data } = body
      return [{ type, data }]
    }
    case 'recording.started':
    case 'signalling.messages':
      return []
    default:
      return body satisfies never
  }
}
