import type { CallingWindow } from './campaigns.ts'
import type { ErrorCode } from './errors.ts'
import type { ApplicationId, CallId } from './ids.ts'

/** What an application may do to one callee, over all its outgoing calls. */
export interface OutboundRules {
  readonly maxCallsPerCalleePerDay?: number
  /** Least time between the starts of two calls to the same number. */
  readonly minIntervalMs?: number
  /** When calls may be started. */
  readonly workingTime?: CallingWindow
  /** Whose midnight the day begins at; IANA name. */
  readonly timeZone: string
}

/** Why a call may not be made now. `retryAtMs`: when it may, Unix ms; undefined: never. */
export interface DialRefusal {
  readonly reason: 'doNotCall' | 'tooManyToday' | 'tooSoon' | 'notWorkingTime'
  readonly retryAtMs?: number
}

/** How a call ends that a rule stopped at the last moment. */
export const dialRefusalCodes = {
  doNotCall: 'CALLEE_FORBIDDEN',
  tooManyToday: 'CALL_TOO_FREQUENT',
  tooSoon: 'CALL_TOO_FREQUENT',
  notWorkingTime: 'CALL_OUT_OF_HOURS',
} as const satisfies Record<DialRefusal['reason'], ErrorCode>

/** Says whether a number may be called. */
export interface DialGate {
  /** `callId`: a call that is about to be dialled; undefined: one that is asked for. @throws VoiceError STORE_FAILED */
  check(applicationId: ApplicationId, callee: string, callId?: CallId): Promise<DialRefusal | undefined>
}

/** One number that must not be called. */
export interface DoNotCallEntry {
  readonly number: string
  readonly note: string
  /** Unix ms. */
  readonly addedAtMs: number
  /** From the configuration file, which alone can take it off. */
  readonly declared: boolean
}

/** The list of one application. Numbers are compared without separators, leading `+` and `00`. */
export interface DoNotCallList {
  /** Adds or renews; how many are new. */
  add(
    applicationId: ApplicationId,
    entries: readonly { readonly number: string; readonly note?: string }[],
  ): Promise<number>
  /** Undefined: it was not there. */
  remove(applicationId: ApplicationId, number: string): Promise<'removed' | 'declared' | undefined>
  /** By number, after `after`. */
  list(
    applicationId: ApplicationId,
    page: { readonly limit: number; readonly after?: string },
  ): Promise<{ readonly entries: readonly DoNotCallEntry[]; readonly next?: string }>
  /** `everybody`: on the list of the installation. Undefined: he may be called. */
  check(applicationId: ApplicationId, number: string): Promise<'application' | 'everybody' | undefined>
}
