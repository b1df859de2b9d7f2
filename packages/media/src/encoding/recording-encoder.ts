import { type RecordingEncoder, VoiceError } from '@parley/core'
import { workOnFile } from './work-on-file.ts'

/** `workerUrl`: module that calls `runEncodingWorker(parentPort, workerData)`. */
export function createRecordingEncoder(workerUrl: URL): RecordingEncoder {
  return {
    async encode(work, signal) {
      const answer = await workOnFile(workerUrl, { kind: 'encode', ...work }, signal)
      if (answer.kind === 'failed') throw new VoiceError('MEDIA_ENCODING_FAILED', { detail: answer.reason })
    },
  }
}
