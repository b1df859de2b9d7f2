import { decodeSound } from '../sound/decode-sound.ts'
import { type EncodingWork, encodeRecording } from './encode-recording.ts'

/** What such a thread is started for. */
export type FileWork =
  | ({ readonly kind: 'encode' } & EncodingWork)
  | { readonly kind: 'decode'; readonly bytes: Uint8Array; readonly rawRateHz?: number }

/** How it went. `samples`: of a sound that was decoded. */
export type FileAnswer =
  | { readonly kind: 'done'; readonly samples?: Int16Array }
  | { readonly kind: 'failed'; readonly reason: string }

/** The line to whoever started the thread; `parentPort` satisfies it. */
interface WorkPort {
  postMessage(message: FileAnswer): void
}

/** Does one piece of work (`FileWork`) on this thread and says how it went. */
export async function runEncodingWorker(port: WorkPort, workerData: unknown): Promise<void> {
  try {
    const work = workerData as FileWork
    if (work.kind === 'encode') {
      await encodeRecording(work)
      port.postMessage({ kind: 'done' })
    } else port.postMessage({ kind: 'done', samples: await decodeSound(work.bytes, work.rawRateHz) })
  } catch (error) {
    port.postMessage({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) })
  }
}
