import { open, rename } from 'node:fs/promises'
import { encodeMp3 } from './encode-mp3.ts'
import { encodeOpus } from './encode-opus.ts'
import { openWav } from './wav-source.ts'

export interface EncodingWork {
  readonly from: string
  readonly to: string
  readonly format: 'mp3' | 'opus'
}

/**
 * Writes the encoded form of a WAV file. `to` appears at once and whole; what was begun is beside it as `.part` and is
 * overwritten by the next attempt.
 */
export async function encodeRecording({ from, to, format }: EncodingWork): Promise<void> {
  await using wav = await openWav(from)
  const part = `${to}.part`
  await using file = await open(part, 'w')
  for await (const bytes of format === 'mp3' ? encodeMp3(wav) : encodeOpus(wav)) {
    if (bytes.length > 0) await file.writeFile(bytes)
  }
  await file.sync()
  await rename(part, to)
}
