import { readFile } from 'node:fs/promises'

/** `Int16` samples, one array a channel. */
export interface WavFile {
  readonly sampleRateHz: number
  readonly channels: readonly Int16Array[]
}

/** @throws Error for anything but 16-bit PCM WAV */
export async function readWav(path: string): Promise<WavFile> {
  const file = await readFile(path)
  let format: { channels: number; sampleRateHz: number } | undefined
  for (let at = 12; at + 8 <= file.length; ) {
    const id = file.toString('latin1', at, at + 4)
    const bytes = Math.min(file.readUInt32LE(at + 4), file.length - at - 8)
    if (id === 'fmt ') format = { channels: file.readUInt16LE(at + 10), sampleRateHz: file.readUInt32LE(at + 12) }
    if (id === 'data' && format)
      return { sampleRateHz: format.sampleRateHz, channels: split(file, at + 8, bytes, format) }
    at += 8 + bytes + (bytes % 2)
  }
  throw new Error(`${path} is not a WAV file with audio`)
}

function split(file: Buffer, from: number, bytes: number, { channels }: { channels: number }): Int16Array[] {
  const count = Math.floor(bytes / (2 * channels))
  return Array.from({ length: channels }, (_, channel) =>
    Int16Array.from({ length: count }, (_, index) => file.readInt16LE(from + 2 * (index * channels + channel))),
  )
}

/** A mono 8 kHz file. */
export function formatWav(samples: Int16Array): Buffer {
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.writeUInt32LE(36 + samples.byteLength, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(8_000, 24)
  header.writeUInt32LE(16_000, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36)
  header.writeUInt32LE(samples.byteLength, 40)
  return Buffer.concat([header, Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)])
}
