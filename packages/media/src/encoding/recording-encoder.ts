import { Worker } from 'node:worker_threads'
import { type RecordingEncoder, VoiceError } from '@parley/core'
import type { EncodingAnswer } from './encoding-worker.ts'

/**
 * Encodes in a thread of its own for each recording, which takes its memory with it when it ends. `workerUrl`: module that
 * calls `runEncodingWorker(parentPort, workerData)`.
 */
export function createRecordingEncoder(workerUrl: URL): RecordingEncoder {
  return {
    async encode(work, signal) {
      signal.throwIfAborted()
      const worker = new Worker(workerUrl, { workerData: work })
      const { promise, resolve, reject } = Promise.withResolvers<EncodingAnswer>()
      const stop = () => reject(signal.reason)
      signal.addEventListener('abort', stop, { once: true })
      worker.once('message', resolve)
      worker.once('error', (error) => resolve({ failure: String(error) }))
      worker.once('exit', () => resolve({ failure: 'the thread ended' }))
      try {
        const { failure } = await promise
        if (failure !== undefined) throw new VoiceError('MEDIA_ENCODING_FAILED', { detail: failure })
      } finally {
        signal.removeEventListener('abort', stop)
        await worker.terminate()
      }
    },
  }
}
