import { constants, setPriority } from 'node:os'
import { type EncodingWork, encodeRecording } from './encode-recording.ts'

/** The line to whoever started the thread; `parentPort` satisfies it. */
interface EncodingPort {
  postMessage(message: EncodingAnswer): void
}

/** Undefined: it is written. */
export type EncodingAnswer = { readonly failure?: string }

/**
 * Does one piece of work on this thread and says how it went. The thread gets the lowest priority first: Linux counts it by
 * thread, so those that carry calls go before it.
 */
export async function runEncodingWorker(port: EncodingPort, work: unknown): Promise<void> {
  try {
    setPriority(0, constants.priority.PRIORITY_LOW)
  } catch {
    // Without the right to it the work is done all the same.
  }
  try {
    await encodeRecording(work as EncodingWork)
    port.postMessage({})
  } catch (error) {
    port.postMessage({ failure: error instanceof Error ? error.message : String(error) })
  }
}
