/** What a WAV file's header says. Sizes and offsets in bytes. */
export interface WavHeader {
  readonly bytesPerSecond: number
  /** Bytes of one sample of all channels. */
  readonly blockBytes: number
  /** Where the data chunk's size field lies; the samples follow it. */
  readonly dataSizeAt: number
  readonly dataBytes: number
}

const riffHeadBytes = 12
const chunkHeadBytes = 8

/**
 * Finds format and data in the beginning of a RIFF WAVE file; undefined when they are not there.
 *
 *     "RIFF" size "WAVE"  { "fmt " size ... }  { other chunks }  { "data" size samples }
 *
 * @see Multimedia Programming Interface and Data Specifications 1.0, chapter 3, Waveform Audio File Format
 */
export function parseWavHeader(head: Uint8Array): WavHeader | undefined {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  if (head.length < riffHeadBytes || tag(head, 0) !== 'RIFF' || tag(head, 8) !== 'WAVE') return undefined
  let format: { bytesPerSecond: number; blockBytes: number } | undefined
  for (let at = riffHeadBytes; at + chunkHeadBytes <= head.length; ) {
    const size = view.getUint32(at + 4, true)
    const name = tag(head, at)
    if (name === 'data') return format && { ...format, dataSizeAt: at + 4, dataBytes: size }
    if (name === 'fmt ' && size >= 16 && at + chunkHeadBytes + 16 <= head.length) {
      format = { bytesPerSecond: view.getUint32(at + 16, true), blockBytes: view.getUint16(at + 20, true) }
      if (format.bytesPerSecond === 0 || format.blockBytes === 0) return undefined
    }
    // Chunks begin at even offsets.
    at += chunkHeadBytes + size + (size % 2)
  }
  return undefined
}

function tag(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4))
}
