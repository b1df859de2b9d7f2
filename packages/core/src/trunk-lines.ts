import type { CallId } from './ids.ts'

/** A further leg of a live call: to a human who is asked to take it over. */
export interface TransferLine {
  readonly callId: CallId
  /** As in `transfer.started`. */
  readonly attempt: number
  readonly trunk: string
  /** Number of ours that is shown, with limits of its own. */
  readonly caller: string
}

/** The lines of trunks, over all engines: what their limits leave free. */
export interface TrunkLines {
  /**
   * Takes a line and resolves when its INVITE may leave, which the trunk's pace may put off for a few seconds. False: there
   * is none, or `signal` aborted. It is given back when the journal says that the attempt or the call is over.
   * @throws VoiceError STORE_FAILED
   */
  take(line: TransferLine, signal: AbortSignal): Promise<boolean>
}
