import type { RetentionRules } from './erasure.ts'
import type { ApplicationId } from './ids.ts'
import type { RecordingFormat } from './recording-format.ts'

/** What becomes of an application's calls once they are over. */
export interface CareRules {
  readonly applicationId: ApplicationId
  /** Of recordings. */
  readonly format: RecordingFormat
  readonly retention: RetentionRules
}

/** Makes a smaller file of a finished recording, away from the threads that carry calls. */
export interface RecordingEncoder {
  /**
   * Writes what the WAV file `from` (16 bit, 8 kHz, one or two channels) holds to `to`, over what is there. A file that is
   * not whole may be left behind. @throws VoiceError MEDIA_ENCODING_FAILED; the signal's reason
   */
  encode(
    work: { readonly from: string; readonly to: string; readonly format: Exclude<RecordingFormat, 'wav'> },
    signal: AbortSignal,
  ): Promise<void>
}

/** Recordings of this engine that are not yet where they belong, and files that are still to be deleted. */
export interface RecordingBacklog {
  readonly encode: number
  readonly move: number
  readonly remove: number
  /** Since the call of the oldest ended. 0: nothing waits. */
  readonly oldestS: number
  /** Attempts that failed since the start of the process. */
  readonly failures: number
}
