import type { ApplicationId, CallId } from './ids.ts'

/**
 * What is erased of calls by itself. `transcripts`: what was said and pressed, the prompt, and what was made of it after the
 * call. `journal`: all other events, the SIP ladder among them. `records`: everything.
 */
export const erasureKinds = ['recordings', 'transcripts', 'journal', 'records'] as const
export type ErasureKind = (typeof erasureKinds)[number]

/** Whole days after the end of a call. Undefined: for ever, or as long as the record. */
export type RetentionRules = { readonly [Kind in ErasureKind as `${Kind}Days`]?: number } & {
  /** Whole days after an entry of the audit log was written. Undefined: as many as the store keeps by default. */
  readonly auditDays?: number
}

/** What some rules would erase now; `calls` are the oldest of them. */
export interface DueForErasure {
  readonly count: number
  readonly calls: readonly { readonly callId: CallId; readonly endedAtMs: number }[]
}

/** Erases calls that are over. Never crosses applications. Nothing of what was erased can be had back. */
export interface CallErasure {
  /** The rules of the configuration. */
  rules(applicationId: ApplicationId): Promise<RetentionRules>
  /** What is due under these rules by the database's clock. Erases nothing. */
  due(
    applicationId: ApplicationId,
    rules: RetentionRules,
    limit: number,
  ): Promise<Readonly<Record<ErasureKind, DueForErasure>>>
  /** Record, events, recording, results and pushes of one call. Files go at once where they can be reached, else later. */
  erase(applicationId: ApplicationId, callId: CallId): Promise<'erased' | 'inProgress' | 'unknown'>
  /** The same for every call from or to this number, compared as `CallQuery.phones` are, and the number in campaigns. */
  erasePhone(
    applicationId: ApplicationId,
    phone: string,
  ): Promise<{ readonly erased: number; readonly inProgress: number }>
}
