export const wavHeaderBytes = 44
const sampleRateHz = 8000
const channels = 2
const bytesPerSample = 2
/** One instant of both channels. */
export const blockBytes = channels * bytesPerSample

/** The 44-byte RIFF header of a 16-bit stereo file at 8 kHz with `dataBytes` of samples. */
export function wavHeader(dataBytes: number): Uint8Array {
  const bytes = new Uint8Array(wavHeaderBytes)
  const view = new DataView(bytes.buffer)
  const text = (at: number, word: string) => {
    for (let i = 0; i < word.length; i += 1) bytes[at + i] = word.charCodeAt(i)
  }
  text(0, 'RIFF')
  view.setUint32(4, 36 + dataBytes, true)
  text(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, 1, true)
  view.setUint16(22, channels, true)
  view.setUint32(24, sampleRateHz, true)
  view.setUint32(28, sampleRateHz * blockBytes, true)
  view.setUint16(32, blockBytes, true)
  view.setUint16(34, bytesPerSample * 8, true)
  text(36, 'data')
  view.setUint32(40, dataBytes, true)
  return bytes
}
