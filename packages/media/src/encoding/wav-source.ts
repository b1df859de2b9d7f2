import { type FileHandle, open } from 'node:fs/promises'
import { VoiceError } from '@parley/core'
import { readWavFormat, type WavFormat } from '../sound/wav-format.ts'

/** A 16-bit PCM WAV file, read piece by piece. */
export interface WavSource extends AsyncDisposable {
  readonly channels: 1 | 2
  readonly sampleRateHz: number
  /** `Int16`, interleaved, `frames` instants of all channels or fewer at the end. The receiver owns the arrays. */
  read(frames: number): AsyncIterable<Int16Array>
}

const headBytes = 4_096
const bytesPerSample = 2

/**
 * Opens what the recorder wrote. The samples are what is there, up to what the header says: a header that claims more than the
 * file holds is that of a writer that was killed.
 * @throws VoiceError MEDIA_ENCODING_FAILED when it is no such file
 */
export async function openWav(path: string): Promise<WavSource> {
  const file = await open(path, 'r')
  try {
    return await sourceOf(file)
  } catch (error) {
    await file.close()
    throw error
  }
}

async function sourceOf(file: FileHandle): Promise<WavSource> {
  const { size } = await file.stat()
  const head = new Uint8Array(Math.min(headBytes, size))
  await file.read(head, 0, head.length, 0)
  const format = readFormat(head)
  if (!format) throw new VoiceError('MEDIA_ENCODING_FAILED', { detail: 'no 16-bit WAV file' })
  const { channels, sampleRateHz, dataAt, dataBytes } = format
  const blockBytes = channels * bytesPerSample
  const endAt = Math.min(size, dataAt + (dataBytes === 0 ? size : dataBytes))
  return {
    channels,
    sampleRateHz,
    async *read(frames) {
      const wanted = frames * blockBytes
      for (let at = dataAt; at + blockBytes <= endAt; at += wanted) {
        const bytes = new Uint8Array(Math.min(wanted, endAt - at))
        const { bytesRead } = await file.read(bytes, 0, bytes.length, at)
        const view = new DataView(bytes.buffer)
        const samples = new Int16Array(Math.floor(bytesRead / blockBytes) * channels)
        for (let i = 0; i < samples.length; i += 1) samples[i] = view.getInt16(i * bytesPerSample, true)
        if (samples.length > 0) yield samples
      }
    },
    [Symbol.asyncDispose]: () => file.close(),
  }
}

/** Undefined unless it is plain 16-bit PCM of one or two channels. */
function readFormat(head: Uint8Array): (WavFormat & { readonly channels: 1 | 2 }) | undefined {
  const format = readWavFormat(head)
  if (format?.code !== 1 || format.bitsPerSample !== 16) return undefined
  const { channels } = format
  return channels === 1 || channels === 2 ? { ...format, channels } : undefined
}
