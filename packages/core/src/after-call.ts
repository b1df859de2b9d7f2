import type { ModelSpec } from './assistant.ts'
import type { ApplicationId, CallId } from './ids.ts'

/** One thing to find out from the transcript of a call (`ExtractConfig`). */
export interface ExtractField {
  readonly kind: 'text' | 'selector' | 'boolean' | 'number'
  /** Unique within a call. */
  readonly name: string
  /** What to look for, in words. */
  readonly description?: string
  /** Sample results. */
  readonly examples?: readonly string[]
  /** Of a selector: what may be chosen. */
  readonly choices?: readonly string[]
}

/** Something a call is filed under once it is over: the model chooses its value. */
export interface TagRule {
  /** Unique within a call. */
  readonly name: string
  /** What it says, in words. */
  readonly description?: string
  /** What may be chosen; at least one. */
  readonly values: readonly string[]
}

/** What the model filed a call under. A tag for which the talk gave no reason is not there. */
export interface CallTag {
  readonly name: string
  readonly value: string
}

/** What the call's own model is asked once the call is over. */
export interface AfterCallPlan {
  readonly extract: readonly ExtractField[]
  /** Summary, mood and intention of the user. */
  readonly analyse: boolean
  /** Undefined: none. */
  readonly tags?: readonly TagRule[]
}

/** A value of its field's kind; `null`: the talk does not tell, or the model's answer was none of this kind. */
export type ExtractedValue = string | readonly string[] | boolean | number | null

/** Texts in the language of the talk; null: the model gave none. */
export interface CallAnalysis {
  readonly summary: string | null
  readonly mood: string | null
  readonly intention: string | null
}

export interface AfterCallResult {
  /** By field name; every field of the plan. */
  readonly extracted: Readonly<Record<string, ExtractedValue>>
  readonly analysis?: CallAnalysis
  /** In the order of the plan; absent when it has none. */
  readonly tags?: readonly CallTag[]
}

/** `pending`: the call runs, or the model was not asked yet. `failed`: it will not be asked again. */
export type AfterCallReport = { readonly plan: AfterCallPlan } & (
  | { readonly state: 'pending' | 'failed' }
  | { readonly state: 'done'; readonly result: AfterCallResult }
)

/** Work on one call that this process has taken, until its lease is over. */
export interface AfterCallJob {
  readonly callId: CallId
  readonly applicationId: ApplicationId
  readonly plan: AfterCallPlan
  readonly model: ModelSpec
  /** From 1. */
  readonly attempt: number
}

/**
 * Durable queue of work on calls that are over. At least once: a job whose process died is handed out again. Results of a
 * lease that is over are dropped. The model's key is kept until a job is done or failed, and no longer.
 */
export interface AfterCallJobs {
  /** The job that is due longest; undefined: none is. @throws VoiceError STORE_FAILED */
  claim(): Promise<AfterCallJob | undefined>
  finish(job: AfterCallJob, result: AfterCallResult): Promise<void>
  /** Hands it out again after `afterMs`; not at all when undefined. */
  giveBack(job: AfterCallJob, failure: { readonly code: string; readonly afterMs?: number }): Promise<void>
}
