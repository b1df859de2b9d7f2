import type { CallEvent, CallOutcome, CallQuality, CallState, RecordingFact } from '@parley/core'
import type { StoredKey } from '../database/tables.ts'

/** What a call's events say about the call as a whole. Instants are Unix ms. */
export interface CallProjection {
  readonly state: CallState
  readonly ringingAtMs: number | null
  readonly answeredAtMs: number | null
  readonly endedAtMs: number | null
  readonly outcome: CallOutcome | null
  readonly recording: RecordingFact | null
  readonly recordingPath: string | null
  readonly quality: CallQuality | null
  readonly keys: readonly StoredKey[]
}

export const emptyProjection: CallProjection = {
  state: 'created',
  ringingAtMs: null,
  answeredAtMs: null,
  endedAtMs: null,
  outcome: null,
  recording: null,
  recordingPath: null,
  quality: null,
  keys: [],
}

const rank: Readonly<Record<CallState, number>> = {
  created: 0,
  dialing: 1,
  ringing: 2,
  answered: 3,
  ending: 4,
  ended: 5,
}

/** True for events that `project` does anything with; the others need no look at the call row. */
export function isProjected(event: CallEvent): boolean {
  return project(emptyProjection, event) !== emptyProjection
}

/**
 * Adds one event. Events of a call may come twice and in any order and give the same result: states only rise, the
 * earliest instant wins, keys are a set by event number. The first end that is stored stays: a record that was shown does
 * not change.
 */
export function project(now: CallProjection, event: CallEvent): CallProjection {
  const { body, wallMs } = event
  switch (body.type) {
    case 'call.dialing':
      return { ...now, state: later(now.state, 'dialing') }
    case 'call.ringing':
      return { ...now, state: later(now.state, 'ringing'), ringingAtMs: earlier(now.ringingAtMs, wallMs) }
    case 'call.answered':
      return { ...now, state: later(now.state, 'answered'), answeredAtMs: earlier(now.answeredAtMs, wallMs) }
    case 'call.ended': {
      if (now.outcome) return now
      return {
        ...now,
        state: 'ended',
        endedAtMs: Math.round(wallMs),
        outcome: body.outcome,
        recording: body.recording ?? null,
        quality: body.quality ?? null,
      }
    }
    case 'recording.started':
      return { ...now, recordingPath: now.recordingPath ?? body.path }
    case 'dtmf':
      return { ...now, keys: withKey(now.keys, { seq: event.seq, key: body.key, atWallMs: Math.round(wallMs) }) }
    case 'call.incoming':
    case 'user.said':
    case 'assistant.said':
    case 'turn.completed':
    case 'provider.failed':
    case 'talk.repaired':
    case 'signalling.messages':
      return now
    default:
      body satisfies never
      return now
  }
}

function later(a: CallState, b: CallState): CallState {
  return rank[a] >= rank[b] ? a : b
}

function earlier(known: number | null, wallMs: number): number {
  return known === null ? Math.round(wallMs) : Math.min(known, Math.round(wallMs))
}

function withKey(keys: readonly StoredKey[], key: StoredKey): readonly StoredKey[] {
  if (keys.some(({ seq }) => seq === key.seq)) return keys
  return [...keys, key].sort((a, b) => a.seq - b.seq)
}
