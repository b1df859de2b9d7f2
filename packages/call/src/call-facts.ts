import type { CallQuality, MediaStream, RecordingFact, RecordingStore } from '@parley/core'
import { callQuality } from './call-quality.ts'

const wavHeaderBytes = 44
/** 8 kHz, two channels, 16 bits. */
const stereoBytesPerMs = 32

/** How the call sounded; undefined when the media worker is gone, and its figures with it. */
export async function qualityOf(media: MediaStream): Promise<CallQuality | undefined> {
  try {
    return callQuality(await media.statistics())
  } catch {
    return undefined
  }
}

/** The finished recording; undefined when there is no file. */
export async function recordingFact(
  recordings: Pick<RecordingStore, 'stat'>,
  path: string,
): Promise<RecordingFact | undefined> {
  const file = await recordings.stat(path)
  if (file === undefined) return undefined
  return { path, bytes: file.bytes, durationMs: Math.round((file.bytes - wavHeaderBytes) / stereoBytesPerMs) }
}
