import type { AssistantSpec } from './assistant.ts'
import type { ErrorCode } from './errors.ts'
import type { ApplicationId, CallId } from './ids.ts'

export type CallDirection = 'inbound' | 'outbound'
export type CallState = 'created' | 'dialing' | 'ringing' | 'answered' | 'transferring' | 'ending' | 'ended'
export type Party = 'user' | 'assistant' | 'operator' | 'engine'

/** Why a call ended, as a value. Busy, declined and the like are outcomes, not errors. */
export type CallOutcome =
  /** `say`: ended by a pushed message with end-after-play. */
  | { readonly kind: 'completed'; readonly by: 'user' | 'assistant' | 'operator' | 'say' }
  | { readonly kind: 'unanswered'; readonly reason: UnansweredReason; readonly sipStatus?: number }
  /** Hung up by the API before it was answered. */
  | { readonly kind: 'cancelled'; readonly rang: boolean }
  | { readonly kind: 'expired'; readonly limit: 'silence' | 'duration' }
  /** A human took the call over. `by`: who hung up after both were joined; absent after REFER, when we know no more. */
  | { readonly kind: 'transferred'; readonly by?: 'user' | 'human' }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly sipStatus?: number }

/**
 * Why an outgoing call was not answered. `unreachable`: no coverage; `outOfCredit`: the callee is suspended; `restricted`:
 * the number or the caller is barred; `blocked`: the carrier or its analytics stopped the call.
 */
export type UnansweredReason =
  | 'busy'
  | 'noAnswer'
  | 'declined'
  | 'numberNotExist'
  | 'numberInvalid'
  | 'unreachable'
  | 'powerOff'
  | 'outOfCredit'
  | 'restricted'
  | 'blocked'
  | 'voicemail'
  | 'carrierFault'

export interface CallLimits {
  /** Undefined: no limit of ours (the trunk's set-up deadline still holds). */
  readonly ringMs?: number
  readonly callMs?: number
}

/** A call to be made or taken. Plain data but for `Secret`s. */
export interface CallSpec {
  readonly callId: CallId
  readonly applicationId: ApplicationId
  readonly direction: CallDirection
  /** As the API's user gave it, e.g. `008613012345678`. */
  readonly callee: string
  /** Chosen by dispatch. */
  readonly caller: string
  readonly trunk: string
  readonly limits: CallLimits
  readonly assistant: AssistantSpec
}
