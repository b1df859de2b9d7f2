import type { ApplicationId, CallId } from '@parley/core'

/** Hears of the calls of this process at once. Must return quickly and not throw. */
export interface LiveListener {
  /** An event of this call was stored. */
  stored(callId: CallId): void
  /** What the recogniser makes of the caller's words so far. Not stored. */
  words(applicationId: ApplicationId, callId: CallId, text: string): void
}

/** News of the calls of this process. Other engines' calls are found by looking. */
export interface LiveFeed {
  /** Until the result is disposed. */
  listen(listener: LiveListener): Disposable
}
