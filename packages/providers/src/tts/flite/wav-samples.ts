/** Mono 16-bit samples of a RIFF file. Header lengths are not trusted: Flite writes them before it knows them. */
export interface WavSamples {
  readonly sampleRateHz: number
  /** A copy. */
  readonly samples: Int16Array
}

/** @throws Error when it is not a mono 16-bit PCM file. */
export function parseWav(file: Uint8Array): WavSamples {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  if (file.length < 44 || tag(view, 0) !== 'RIFF' || tag(view, 8) !== 'WAVE') throw new Error('not a wave file')
  let sampleRateHz = 0
  for (let at = 12; at + 8 <= file.length; ) {
    const name = tag(view, at)
    const bytes = view.getUint32(at + 4, true)
    if (name === 'fmt ') {
      if (view.getUint16(at + 10, true) !== 1 || view.getUint16(at + 22, true) !== 16)
        throw new Error('not mono 16 bit')
      sampleRateHz = view.getUint32(at + 12, true)
    }
    if (name === 'data') {
      const from = file.byteOffset + at + 8
      const end = at + 8 + Math.min(bytes, file.length - at - 8)
      const count = (end - at - 8) >> 1
      return { sampleRateHz, samples: new Int16Array(file.buffer.slice(from, from + 2 * count)) }
    }
    at += 8 + bytes + (bytes & 1)
  }
  throw new Error('no audio in the wave file')
}

function tag(view: DataView, at: number): string {
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3))
}
