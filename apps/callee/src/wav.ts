/** PCM of a WAV file; of several channels only the first is kept. */
export interface WavAudio {
  readonly sampleRateHz: number
  readonly samples: Int16Array
}

/** Reads 16-bit PCM WAV. A data chunk with an unknown length (streamed files) runs to the end. @throws Error naming the defect */
export function parseWav(file: Uint8Array): WavAudio {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const tag = (at: number) => String.fromCharCode(...file.subarray(at, at + 4))
  if (file.length < 12 || tag(0) !== 'RIFF' || tag(8) !== 'WAVE') throw new Error('not a WAV file')
  let format: { channels: number; sampleRateHz: number } | undefined
  for (let at = 12; at + 8 <= file.length; ) {
    const size = Math.min(view.getUint32(at + 4, true), file.length - at - 8)
    if (tag(at) === 'fmt ') {
      if (view.getUint16(at + 8, true) !== 1 || view.getUint16(at + 22, true) !== 16) throw new Error('not 16-bit PCM')
      format = { channels: view.getUint16(at + 10, true), sampleRateHz: view.getUint32(at + 12, true) }
    }
    if (tag(at) === 'data' && format !== undefined) {
      const { channels, sampleRateHz } = format
      const samples = new Int16Array(Math.floor(size / (2 * channels)))
      for (let i = 0; i < samples.length; i += 1) samples[i] = view.getInt16(at + 8 + i * 2 * channels, true)
      return { sampleRateHz, samples }
    }
    at += 8 + size + (size & 1)
  }
  throw new Error('no audio in the WAV file')
}

/** A stereo 8 kHz 16-bit WAV file. The shorter side is filled with zeros. */
export function formatStereoWav(left: Int16Array, right: Int16Array): Uint8Array {
  const frames = Math.max(left.length, right.length)
  const file = new Uint8Array(44 + frames * 4)
  const view = new DataView(file.buffer)
  const text = (at: number, value: string) => file.set(new TextEncoder().encode(value), at)
  text(0, 'RIFF')
  view.setUint32(4, 36 + frames * 4, true)
  text(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, 1, true)
  view.setUint16(22, 2, true)
  view.setUint32(24, 8000, true)
  view.setUint32(28, 32000, true)
  view.setUint16(32, 4, true)
  view.setUint16(34, 16, true)
  text(36, 'data')
  view.setUint32(40, frames * 4, true)
  // Every platform Node runs on is little-endian, as WAV is.
  const interleaved = new Int16Array(file.buffer, 44)
  for (let i = 0; i < left.length; i += 1) interleaved[2 * i] = left[i] as number
  for (let i = 0; i < right.length; i += 1) interleaved[2 * i + 1] = right[i] as number
  return file
}
