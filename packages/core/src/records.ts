import type { AfterCallReport, CallTag } from './after-call.ts'
import type { CallAgent } from './assistant.ts'
import type { CallDirection, CallOutcome, CallSpec, CallState } from './call.ts'
import type { CallQuality } from './call-quality.ts'
import type { DialRefusal } from './dial-rules.ts'
import type { ApplicationId, CallId } from './ids.ts'
import type { CallEvent, CallEventBody, RecordingFact } from './journal.ts'
import type { TransferAttempt } from './transfer.ts'

/** Call detail record: what is known of a call now. Instants are Unix ms. */
export interface CallRecord {
  readonly callId: CallId
  readonly applicationId: ApplicationId
  readonly direction: CallDirection
  readonly caller: string
  readonly callee: string
  readonly trunk: string
  readonly state: CallState
  readonly createdAtMs: number
  readonly ringingAtMs?: number
  readonly answeredAtMs?: number
  readonly endedAtMs?: number
  readonly outcome?: CallOutcome
  readonly recording?: RecordingFact
  /** Absent: no media flowed, or the engine that carried the call was lost. */
  readonly quality?: CallQuality
  readonly keys: readonly { readonly key: string; readonly atWallMs: number }[]
  /** Humans who were called to take the call over, in order. */
  readonly transfers: readonly TransferAttempt[]
  /** Stored agents that held the talk, in order. Absent: none did. */
  readonly agents?: readonly CallAgent[]
  /** What its model filed it under once it was over. Absent: nothing was to be decided, or it is not yet. */
  readonly tags?: readonly CallTag[]
  /** What whoever made the call wrote on it. */
  readonly uui?: string
}

/** One utterance of the transcript; `fromMs`/`toMs` since answer. */
export interface TranscriptLine {
  readonly role: 'user' | 'assistant'
  readonly text: string
  readonly fromMs: number
  readonly toMs: number
}

export interface CallQuery {
  readonly applicationId: ApplicationId
  /** Creation time, inclusive range, Unix ms. */
  readonly fromMs: number
  readonly toMs: number
  /** Caller or callee is one of these (compared after stripping `+`, `00` and separators). */
  readonly phones?: readonly string[]
  readonly callIds?: readonly CallId[]
  /** Only calls that were given to an engine and are not over. */
  readonly live?: boolean
  readonly limit: number
  readonly offset: number
}

/** A page of calls, newest first. `after`: the last call of the page before. Times as in `CallQuery`. */
export interface CallPageQuery {
  readonly applicationId: ApplicationId
  readonly fromMs: number
  readonly toMs: number
  readonly limit: number
  readonly after?: { readonly createdAtMs: number; readonly callId: CallId }
}

/** Why a new call was not taken. */
export type IntakeRefusal =
  | { readonly kind: 'refused'; readonly reason: 'noNumber' }
  /** No concurrency became free within the acquire time. */
  | { readonly kind: 'refused'; readonly reason: 'noCapacity' }
  /** A rule about outgoing calls. */
  | { readonly kind: 'refused'; readonly reason: 'forbidden'; readonly refusal: DialRefusal }
  /** Another request came under the same idempotency key. */
  | { readonly kind: 'refused'; readonly reason: 'keyReused' }

export interface NewCall {
  readonly callId: CallId
  readonly applicationId: ApplicationId
  readonly callee: string
  /** Candidates; empty: any number of the application. */
  readonly callers: readonly string[]
  readonly limits: CallSpec['limits']
  readonly assistant: CallSpec['assistant']
  /** How long the request may wait for free concurrency before it is refused. */
  readonly acquireMs: number
  /** Kept with the call and shown in its records. */
  readonly uui?: string
  /** A repetition within 24 h gives the call of the first request. `digest`: tells whether it is the same request. */
  readonly idempotency?: { readonly key: string; readonly digest: string }
}

/** `repeats`: the call that an earlier request under the same idempotency key made; there is no other. */
export interface IntakeAcceptance {
  readonly kind: 'accepted'
  readonly repeats?: CallId
}

/** Writing side for the API: the call row is the dial queue. */
export interface CallIntake {
  /** Resolves when the call is claimed for dialling (or durably queued and a slot is certain). */
  create(call: NewCall): Promise<IntakeAcceptance | IntakeRefusal>
  /** Withdraws a call that was not dialled yet. False: too late, ask `CallControl.hangup`. */
  withdraw(applicationId: ApplicationId, callId: CallId): Promise<boolean>
}

/** Minutes of finished talks. Each begun minute of a call counts whole, from the answer to the end. */
export interface TalkMinutes {
  readonly outbound: number
  readonly inbound: number
}

/** Reading side for the API. Never crosses applications: a foreign call is `undefined`. */
export interface CallRecords {
  find(applicationId: ApplicationId, callId: CallId): Promise<CallRecord | undefined>
  /** Newest first. */
  list(query: CallQuery): Promise<{ readonly total: number; readonly calls: readonly CallRecord[] }>
  /** Newest first, not counted: as quick for the last page as for the first. */
  page(query: CallPageQuery): Promise<readonly CallRecord[]>
  transcript(applicationId: ApplicationId, callId: CallId): Promise<readonly TranscriptLine[]>
  /** Of these types only, where given. */
  events(
    applicationId: ApplicationId,
    callId: CallId,
    types?: readonly CallEventBody['type'][],
  ): Promise<readonly CallEvent[]>
  /** Strikes the recording of an ended call out of its record and its events, and sees to it that every file of it goes. */
  forgetRecording(applicationId: ApplicationId, callId: CallId): Promise<void>
  /** What its model said about the talk. Undefined: no such call, or nothing was to be asked. */
  afterCall(applicationId: ApplicationId, callId: CallId): Promise<AfterCallReport | undefined>
  /** Sum over the calls created in this range (inclusive, Unix ms). */
  talkMinutes(query: Pick<CallQuery, 'applicationId' | 'fromMs' | 'toMs'>): Promise<TalkMinutes>
}

/** Where a follower stands in a call: number of the last event it has. `endedAtMs`: when the call ended, where that is known. */
export interface EventPosition {
  readonly seq: number
  readonly endedAtMs?: number
}

/**
 * Events of calls as they are stored, by whichever engine, for those who follow them. Never crosses applications. Followed are
 * calls in progress, those created since `sinceMs`, and those that have a position.
 */
export interface CallEventLog {
  /** Where a follower would stand who had every event before the instant `atMs` (Unix ms). */
  positions(applicationId: ApplicationId, sinceMs: number, atMs: number): Promise<Map<CallId, EventPosition>>
  /** Events after the positions, in order within each call, at most `limit`. `callId`: of this call alone. */
  after(query: {
    readonly applicationId: ApplicationId
    readonly callId?: CallId
    readonly positions: ReadonlyMap<CallId, EventPosition>
    readonly sinceMs: number
    readonly limit: number
  }): Promise<readonly CallEvent[]>
}

/** Recorded audio, wherever it is kept. */
export interface RecordingStore {
  /** Where the media engine writes the recording of this call. */
  pathFor(callId: CallId): string
  stat(path: string): Promise<{ readonly bytes: number } | undefined>
  /** Inclusive byte range. */
  read(path: string, range: { readonly start: number; readonly end: number }): AsyncIterable<Uint8Array>
  /** Deletes the file. Nothing happens when there is none. */
  remove(path: string): Promise<void>
  /**
   * An address elsewhere that opens the file for some minutes, for whoever holds it. Undefined, or not there: the file is
   * to be read here.
   */
  linkTo?(path: string): Promise<string | undefined>
  /**
   * Makes a recording whose writer was killed readable: corrects the WAV header to the bytes that are there.
   */
  repair(path: string): Promise<RecordingFact | undefined>
}
