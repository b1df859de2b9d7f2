/** What of a call is not to be stored, shown or pushed. */
export interface PrivacyRules {
  /** Pressed keys, and runs of at least `minDigits` digits, written or spoken, become `*` (keys: `X`). */
  readonly digits: boolean
  readonly minDigits: number
  /** What they find becomes `***`. Global. */
  readonly patterns: readonly RegExp[]
  /** Keep the transcript of the time in which recording was paused. */
  readonly keepPausedTranscript: boolean
}
