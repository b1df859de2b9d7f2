import { Worker } from 'node:worker_threads'
import type { FileAnswer, FileWork } from './encoding-worker.ts'

/**
 * Does the work in a thread of its own, which takes its memory with it when it ends. Rejects with the signal's reason alone.
 * `workerUrl`: module that calls `runEncodingWorker(parentPort, workerData)`.
 */
export async function workOnFile(workerUrl: URL, work: FileWork, signal: AbortSignal): Promise<FileAnswer> {
  signal.throwIfAborted()
  const worker = new Worker(workerUrl, { workerData: work })
  const { promise, resolve, reject } = Promise.withResolvers<FileAnswer>()
  const stop = () => reject(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  worker.once('message', resolve)
  worker.once('error', (error) => resolve({ kind: 'failed', reason: String(error) }))
  worker.once('exit', () => resolve({ kind: 'failed', reason: 'the thread ended' }))
  try {
    return await promise
  } finally {
    signal.removeEventListener('abort', stop)
    await worker.terminate()
  }
}
