import type { ErrorCode } from '@parley/core'

/** What ails the recogniser of a talk. */
export type RecognizerFault =
  | { readonly kind: 'none' }
  /** Says nothing from `fromMs` on, until it is restarted. */
  | { readonly kind: 'deaf'; fromMs: number }
  | { readonly kind: 'late'; readonly byMs: number }
  | { readonly kind: 'neverFinal' }
  /** The same final once more. */
  | { readonly kind: 'duplicate'; readonly byMs: number }
  /** Results overtake each other, and an old final comes again. */
  | { readonly kind: 'unordered' }

/** What goes wrong with one reply. `afterMs`: from the request. */
export type ReplyFault =
  | { readonly kind: 'none' }
  | { readonly kind: 'fails'; readonly stage: 'llm' | 'tts'; readonly code: ErrorCode; readonly afterMs: number }
  /** No token, or no audio, ever. */
  | { readonly kind: 'hangs'; readonly stage: 'llm' | 'tts' }
  /** Tokens stop in the middle for a while. */
  | { readonly kind: 'stalls'; readonly forMs: number }
  /** The text is empty. */
  | { readonly kind: 'empty' }
  /** The reply fails after its first chunk was spoken. */
  | { readonly kind: 'breaksOff'; readonly stage: 'llm' | 'tts'; readonly code: ErrorCode }

/** What ails the playout: audio is queued and no packet leaves, for `forMs` from the first packet that was due. */
export interface PlayoutFault {
  readonly stuckForMs: number
}

export const noRecognizerFault: RecognizerFault = { kind: 'none' }
export const noReplyFault: ReplyFault = { kind: 'none' }
