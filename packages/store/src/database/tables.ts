import type {
  AfterCallResult,
  AuditEntry,
  CallAgent,
  CallDirection,
  CallOutcome,
  CallQuality,
  CallState,
  DuePush,
  PushEvent,
  RecordingFact,
  RecordingFormat,
  Role,
  SkillGroupSettings,
  TransferAttempt,
  WebhookSettings,
} from '@parley/core'
import type { ColumnType, Generated, JSONColumnType } from 'kysely'

/** JSON written as text, read as a value. */
type Json<T> = ColumnType<T, string, string>

/**
 * Life of a call row as dial queue. `queued`: waits for a slot. `claimed`: a dispatcher has it, nothing was sent.
 * `sent`: an INVITE may have left (or came in); never dialled again. `refused`: never taken, no record of it is shown.
 * `closed`: over, the row is the call detail record.
 */
export type CallStage = 'queued' | 'claimed' | 'sent' | 'refused' | 'closed'

/** What is to be done with a recording next. `clean`: only stale files are left to delete. */
export type RecordingStage = 'encode' | 'move' | 'clean'

/** A pressed key with the number of its event, which keeps duplicates out. */
export interface StoredKey {
  readonly seq: number
  readonly key: string
  readonly atWallMs: number
}

/** A stored agent that held the talk, with the number of the event that says so; -1: from the beginning. */
export interface StoredTalker extends CallAgent {
  readonly seq: number
}

/** What is known so far of one target of a transfer; complete once its `transfer.started` is stored. */
export type StoredAttempt = Pick<TransferAttempt, 'attempt'> &
  Partial<TransferAttempt> & {
    /** Of a leg of ours: the trunk and number it takes up until the attempt ends. */
    readonly line?: { readonly trunk: string; readonly caller: string }
  }

interface Candidate {
  readonly trunk: string
  readonly caller: string
}

export interface Tables {
  trunks: {
    /** Of one made at run time: `<application>/<name>`, which no name in the file can be. */
    name: string
    trunk_id: Generated<number>
    /** It stands in the file. */
    declared: Generated<boolean>
    version: Generated<number>
    /** As shown, without secrets. */
    settings: Json<Readonly<Record<string, unknown>>>
    /** All of it, of a trunk made at run time. */
    sealed: Buffer | null
    enabled: boolean
    /** Null: all. */
    application_ids: number[] | null
    max_concurrent: number
    max_cps: number
    /** Theoretical arrival time of the generic cell rate algorithm: when the trunk may start its next call. */
    tat: Generated<Date>
  }
  numbers: {
    trunk: string
    number: string
    number_key: string
    number_id: Generated<number>
    version: Generated<number>
    call_in: Generated<boolean>
    call_out: Generated<boolean>
    assistant: string | null
    /** Among those of the trunk; null: all of them. */
    application_ids: number[] | null
    /** Null: as much as the trunk may. */
    max_concurrent: number | null
    max_cps: number | null
    /** As that of the trunk, for the number alone. */
    tat: Generated<Date>
  }
  /** What an application says of a number it may use. */
  number_states: {
    application_id: number
    trunk: string
    number: string
    disabled: boolean
    skill_group_ids: number[]
  }
  calls: {
    call_id: string
    application_id: number
    direction: CallDirection
    stage: CallStage
    /** A dispatcher has had it: the API's user knows of this call, so it must end with a record. */
    accepted: Generated<boolean>
    caller: Generated<string>
    caller_key: Generated<string>
    callee: string
    callee_key: string
    trunk: Generated<string>
    candidates: Json<readonly Candidate[]>
    /** `{ limits, assistant }` without secrets. */
    spec: JSONColumnType<object> | null
    sealed: Buffer | null
    queued_at: Generated<Date>
    expires_at: Date | null
    /** Queued: the engine whose API waits with the request. From the claim on: the engine that carries the call. */
    owner: string | null
    incarnation: number | null
    /** Rises with each claim; a write under an older number does nothing. */
    fence: Generated<number>
    claimed_at: Date | null
    dial_sent_at: Date | null
    state: CallState
    created_at_ms: number
    ringing_at_ms: number | null
    answered_at_ms: number | null
    ended_at_ms: number | null
    outcome: ColumnType<CallOutcome | null, string | null, string | null>
    recording: ColumnType<RecordingFact | null, string | null, string | null>
    recording_path: string | null
    quality: ColumnType<CallQuality | null, string | null, string | null>
    keys: Json<readonly StoredKey[]>
    /** Of the request that made it; unique within the application. Null: it had none, or its time is over. */
    idempotency_key: string | null
    idempotency_digest: string | null
    /** False: what was said and pressed, and what was made of it, is erased. */
    transcript_kept: Generated<boolean>
    /** False: the other events are erased. */
    journal_kept: Generated<boolean>
    /** By attempt. */
    transfers: ColumnType<readonly StoredAttempt[], string | undefined, string>
    /** Stored agents that held the talk, in order. */
    agents: ColumnType<readonly StoredTalker[], string | undefined, string>
    uui: string | null
  }
  /** One row for each trunk that could carry a queued call; gone once it is claimed. */
  call_candidates: {
    call_id: string
    trunk: string
    caller: string
    queued_at: Date
    application_id: Generated<number>
  }
  /** When an application was last given a line of a trunk. */
  trunk_turns: { trunk: string; application_id: number; taken_at: Date }
  /** What a call's model is asked once it is over; at most one row for a call. */
  call_jobs: {
    call_id: string
    application_id: number
    state: Generated<'pending' | 'done' | 'failed'>
    /** Times it was handed out. A write under an older number does nothing. */
    attempt: Generated<number>
    /** When it may be handed out (again). */
    due_at: Generated<Date>
    /** As that of the call; null once nothing is pending. */
    sealed: Buffer | null
    result: ColumnType<AfterCallResult | null, string | null, string | null>
    /** Code of the last failure. */
    failure: string | null
  }
  call_events: { call_id: string; seq: number; wall_ms: number; type: string; body: Json<object> }
  /** Receivers of pushes. One that was removed is not enabled, and stays as long as pushes refer to it. */
  webhooks: {
    /** Its id. */
    name: string
    /** The row `campaigns` of an application stands for all addresses that its campaigns name. */
    origin: Generated<'file' | 'api' | 'campaigns'>
    enabled: Generated<boolean>
    application_id: number
    events: PushEvent[]
    title: Generated<string>
    settings: Json<Partial<Pick<WebhookSettings, 'url' | 'format' | 'timeoutMs' | 'username'>>>
    /** The secret, or the password; null: there is none, or it is the configuration's. */
    sealed: Buffer | null
    /** The secret before the last rotation, in force until `before_until`. */
    sealed_before: Buffer | null
    before_until: Date | null
    version: Generated<number>
    created_at: Generated<Date>
    removed_at: Date | null
  }
  /** The outbox. While `pending` it is due at `due_at`; a worker that has it pushes that ahead. */
  pushes: {
    push_id: Generated<string>
    webhook: string
    application_id: number
    /** Null: a test. */
    call_id: string | null
    event: DuePush['event']
    occurred_at_ms: number
    state: Generated<'pending' | 'delivered' | 'dead'>
    tries: Generated<number>
    due_at: Generated<Date>
    reason: string | null
    settled_at: Date | null
    /** Of the last try, and the HTTP status that answered it. */
    tried_at: Date | null
    status: number | null
  }
  /** One row for each application of the configuration, and one (0) for all others. */
  care_rules: {
    application_id: number
    recording_format: Generated<RecordingFormat>
    /** Recordings go to the bucket once the call is over. */
    moves_recordings: Generated<boolean>
    /** Days after the end of a call; null: for ever. */
    recordings_days: number | null
    transcripts_days: number | null
    journal_days: number | null
    records_days: number | null
    /** Days after an entry of the audit log was written. */
    audit_days: Generated<number>
  }
  /** Work on the recording of a call that is over; done by the engine whose disk has it, gone when it is done. */
  recording_jobs: {
    call_id: string
    owner: string | null
    stage: RecordingStage
    /** Local files that something better has taken the place of. */
    stale: Generated<string[]>
    /** Times this stage was begun. A write under an older number does nothing. */
    attempt: Generated<number>
    due_at: Generated<Date>
    /** Start of the engine that has it; a later start takes it at once. Null: nobody. */
    claimed_by: number | null
    failure: string | null
  }
  /** Files and objects that must go. `owner`: the engine whose disk has it; null: any can reach it. */
  doomed_files: {
    path: string
    owner: string | null
    attempt: Generated<number>
    due_at: Generated<Date>
    failure: string | null
  }
  /** Files that may be played into calls. `audio`: 16-bit mono PCM at 8 kHz, little-endian. */
  sounds: {
    application_id: number
    /** From 1 within the application. */
    file_id: number
    custom_name: string
    file_name: string
    duration_ms: number
    audio: Buffer
    created_at: Generated<Date>
  }
  /** Tenants. One that left the configuration is not enabled. */
  applications: {
    application_id: number
    name: string
    declared: Generated<boolean>
    enabled: Generated<boolean>
    version: Generated<number>
    created_at: Generated<Date>
  }
  api_keys: {
    secret_id: string
    application_id: number
    name: Generated<string>
    role: Role
    declared: Generated<boolean>
    enabled: Generated<boolean>
    /** The secret; null: the configuration has it. */
    sealed: Buffer | null
    version: Generated<number>
    created_at: Generated<Date>
    expires_at: Date | null
    last_used_at: Date | null
  }
  /** Those made by the API. */
  skill_groups: {
    skill_group_id: number
    application_id: number
    name: string
    settings: Json<Omit<SkillGroupSettings, 'name'>>
    version: Generated<number>
    changed_at: Generated<Date>
  }
  extensions: {
    application_id: number
    extension_id: string
    name: string
    skill_group_ids: number[]
    relation: string
    /** The password. */
    sealed: Buffer
    created_at: Generated<Date>
    changed_at: Generated<Date>
  }
  audit_log: {
    id: Generated<string>
    at: Generated<Date>
    actor: string
    /** Null: of the installation. */
    application_id: number | null
    operation: string
    target: string
    details: Json<Readonly<Record<string, unknown>>>
    outcome: AuditEntry['outcome']
  }
  /** Stored agents; one that was deleted keeps its row and its id. */
  agents: {
    application_id: number
    agent_id: number
    declared: boolean
    /** The one calls use. */
    version: number
    latest_version: number
    revision: Generated<number>
    deleted_at: Date | null
  }
  /** What each version of an agent says; never changed. */
  agent_versions: {
    application_id: number
    agent_id: number
    version: number
    name: string
    settings: Json<Readonly<Record<string, unknown>>>
    sealed: Buffer
    created_at: Generated<Date>
  }
  /** One row for each start of an engine; `heartbeat_at` rises every second while it lives. */
  owners: { name: string; incarnation: number; heartbeat_at: Generated<Date> }
}
