import type { CallEvent, CallOutcome, CallQuality, CallState, RecordingFact } from '@parley/core'
import type { StoredAttempt, StoredKey, StoredTalker } from '../database/tables.ts'

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
  readonly transfers: readonly StoredAttempt[]
  readonly agents: readonly StoredTalker[]
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
  transfers: [],
  agents: [],
}

const rank: Readonly<Record<CallState, number>> = {
  created: 0,
  dialing: 1,
  ringing: 2,
  answered: 3,
  transferring: 4,
  ending: 5,
  ended: 6,
}

/** True for events that `project` does anything with; the others need no look at the call row. */
export function isProjected(event: CallEvent): boolean {
  return project(emptyProjection, event) !== emptyProjection
}

/**
 * Adds one event. Events of a call may come twice and in any order and give the same result: states only rise, the
 * earliest instant wins, keys and agents are sets by event number. The first end that is stored stays: a record that was shown does
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
      return { ...now, keys: bySeq(now.keys, { seq: event.seq, key: body.key, atWallMs: Math.round(wallMs) }) }
    case 'transfer.started': {
      const { skillGroupId, skillGroupName, mode, callee } = body
      return withAttempt(now, body.attempt, { skillGroupId, skillGroupName, mode, callee, startedAtMs: at(wallMs) })
    }
    case 'transfer.ringing':
      return withAttempt(now, body.attempt, { ringingAtMs: at(wallMs) })
    case 'transfer.answered':
      return withAttempt(now, body.attempt, { answeredAtMs: at(wallMs) })
    case 'transfer.failed':
      return withAttempt(now, body.attempt, { endedAtMs: at(wallMs), failure: body.failure })
    case 'transfer.ended':
      return withAttempt(now, body.attempt, { endedAtMs: at(wallMs) })
    case 'agent.joined': {
      const { agentId, name, version } = body
      return { ...now, agents: bySeq(now.agents, { seq: event.seq, agentId, name, version }) }
    }
    case 'transfer.joined':
    case 'call.incoming':
    case 'user.said':
    case 'assistant.said':
    case 'turn.completed':
    case 'provider.failed':
    case 'recording.paused':
    case 'recording.resumed':
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

/** A set by event number, in its order. */
function bySeq<T extends { readonly seq: number }>(known: readonly T[], fresh: T): readonly T[] {
  if (known.some(({ seq }) => seq === fresh.seq)) return known
  return [...known, fresh].sort((a, b) => a.seq - b.seq)
}

const at = (wallMs: number): number => Math.round(wallMs)

/** Adds what one event tells of an attempt; what is known already stays. */
function withAttempt(now: CallProjection, attempt: number, told: Omit<StoredAttempt, 'attempt'>): CallProjection {
  const known = now.transfers.find((entry) => entry.attempt === attempt)
  const others = now.transfers.filter((entry) => entry.attempt !== attempt)
  const transfers = [...others, { ...told, ...known, attempt }].sort((a, b) => a.attempt - b.attempt)
  return { ...now, transfers }
}
