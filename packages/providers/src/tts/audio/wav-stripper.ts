import { VoiceError } from '@parley/core'

/** What a WAV header says about the samples behind it. */
export interface WavFormat {
  readonly sampleRateHz: number
  readonly channels: number
}

const pcmTag = 1
const extensibleTag = 0xfffe
const maxHeaderBytes = 4_096

/**
 * Takes the RIFF header off a WAV file that arrives in pieces.
 *
 * ```
 * "RIFF" size "WAVE" | "fmt " size tag channels rate byteRate align bits | ... | "data" size samples
 * ```
 * Streaming services write 0 or 0xffffffff as sizes, so the data chunk is taken to last until the stream ends unless
 * a plausible size says otherwise.
 * @throws VoiceError TTS_FAILED for anything but 16-bit PCM
 */
export class WavStripper {
  format: WavFormat | undefined
  private header: Buffer = Buffer.alloc(0)
  private remaining = Number.POSITIVE_INFINITY

  /** Bytes of samples contained in `bytes`; empty while the header is incomplete. Borrows `bytes`. */
  push(bytes: Uint8Array): Uint8Array {
    if (this.format) return this.take(bytes)
    this.header = Buffer.concat([this.header, bytes])
    const dataAt = this.readHeader()
    if (dataAt === undefined) {
      if (this.header.length > maxHeaderBytes) throw notWav('no data chunk at the start')
      return new Uint8Array(0)
    }
    return this.take(this.header.subarray(dataAt))
  }

  private take(bytes: Uint8Array): Uint8Array {
    const taken = bytes.subarray(0, Math.min(bytes.length, this.remaining))
    this.remaining -= taken.length
    return taken
  }

  /** Offset of the first sample, once the header is whole. */
  private readHeader(): number | undefined {
    const { header } = this
    if (header.length < 12) return undefined
    if (header.toString('latin1', 0, 4) !== 'RIFF' || header.toString('latin1', 8, 12) !== 'WAVE') {
      throw notWav('no RIFF header')
    }
    let format: WavFormat | undefined
    for (let at = 12; at + 8 <= header.length; ) {
      const id = header.toString('latin1', at, at + 4)
      const size = header.readUInt32LE(at + 4)
      if (id === 'data') {
        if (!format) throw notWav('no fmt chunk before the data')
        this.format = format
        if (size > 0 && size < 0x7fff_ffff) this.remaining = size
        return at + 8
      }
      if (at + 8 + size > header.length) return undefined
      if (id === 'fmt ') format = readFormat(header.subarray(at + 8, at + 8 + size))
      at += 8 + size + (size % 2)
    }
    return undefined
  }
}

function readFormat(chunk: Buffer): WavFormat {
  if (chunk.length < 16) throw notWav('short fmt chunk')
  const tag = chunk.readUInt16LE(0)
  const bits = chunk.readUInt16LE(14)
  if ((tag !== pcmTag && tag !== extensibleTag) || bits !== 16) throw notWav(`format ${tag} with ${bits} bits`)
  return { channels: chunk.readUInt16LE(2), sampleRateHz: chunk.readUInt32LE(4) }
}

const notWav = (detail: string) => new VoiceError('TTS_FAILED', { detail: `not a 16-bit WAV stream: ${detail}` })
