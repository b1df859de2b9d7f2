import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { recordingFormatOf, recordingFormats, VoiceError } from '@parley/core'
import type { TieredRecordingStore } from './tiered-recording-store.ts'

/**
 * Copies a local recording to its place in the bucket and proves that it is there: the object is read back and has the same
 * SHA-256. Nothing local is touched. What is there already, whole, is not sent again.
 * @throws VoiceError STORE_FAILED; the signal's reason
 */
export async function moveRecording(
  store: TieredRecordingStore,
  from: string,
  to: string,
  signal: AbortSignal,
): Promise<void> {
  const file = await store.local.stat(from)
  if (!file) throw new VoiceError('STORE_FAILED', { detail: 'the local recording is not there', retryable: false })
  const { bucket, key } = store.place(to)
  const sha256 = await digestOf(createReadStream(from) as AsyncIterable<Uint8Array>, signal)
  const isWhole = async () =>
    (await bucket.size(key, signal)) === file.bytes && (await digestOf(bucket.read(key, { signal }), signal)) === sha256
  if (await isWhole()) return
  const { contentType } = recordingFormats[recordingFormatOf(to)]
  await bucket.put(key, { from, bytes: file.bytes, sha256, contentType }, signal)
  if (!(await isWhole())) throw new VoiceError('STORE_FAILED', { detail: 'the object is not what was sent' })
}

async function digestOf(content: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of content) {
    signal.throwIfAborted()
    hash.update(chunk)
  }
  return hash.digest('hex')
}
