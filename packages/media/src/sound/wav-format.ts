/** What the head of a WAV file says. */
export interface WavFormat {
  /** 1: PCM, 3: floating point, 6: A-law, 7: µ-law. */
  readonly code: number
  readonly channels: number
  readonly sampleRateHz: number
  readonly bitsPerSample: number
  readonly dataAt: number
  /** As declared; a writer that was killed leaves 0 or too much. */
  readonly dataBytes: number
}

const extensible = 0xfffe

/**
 * Format and place of the samples; undefined when it is no WAV file.
 * @see Multimedia Programming Interface and Data Specifications 1.0, chapter 3; RFC 2361
 */
export function readWavFormat(head: Uint8Array): WavFormat | undefined {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  const tag = (at: number) => String.fromCharCode(...head.subarray(at, at + 4))
  if (head.length < 44 || tag(0) !== 'RIFF' || tag(8) !== 'WAVE') return undefined
  let known: Omit<WavFormat, 'dataAt' | 'dataBytes'> | undefined
  for (let at = 12; at + 8 <= head.length; ) {
    const bytes = view.getUint32(at + 4, true)
    if (tag(at) === 'data') return known && { ...known, dataAt: at + 8, dataBytes: bytes }
    if (tag(at) === 'fmt ' && at + 24 <= head.length) {
      const code = view.getUint16(at + 8, true)
      known = {
        // The code proper begins the GUID behind the 16 common bytes and 8 of the extension.
        code: code === extensible && at + 34 <= head.length ? view.getUint16(at + 32, true) : code,
        channels: view.getUint16(at + 10, true),
        sampleRateHz: view.getUint32(at + 12, true),
        bitsPerSample: view.getUint16(at + 22, true),
      }
    }
    at += 8 + bytes + (bytes % 2)
  }
  return undefined
}
