import { g711 } from '../codec/g711.ts'
import { readWavFormat, type WavFormat } from './wav-format.ts'

/** Samples of all channels mixed into one, -1 to 1. */
export interface MonoSound {
  readonly samples: Float32Array
  readonly sampleRateHz: number
}

type ReadSample = (view: DataView, at: number) => number

/** By code and bits of a sample. */
const readers: Readonly<Record<string, ReadSample>> = {
  '1/8': (view, at) => (view.getUint8(at) - 128) / 128,
  '1/16': (view, at) => view.getInt16(at, true) / 32_768,
  '1/24': (view, at) => (view.getInt8(at + 2) * 65_536 + view.getUint16(at, true)) / 8_388_608,
  '1/32': (view, at) => view.getInt32(at, true) / 2_147_483_648,
  '3/32': (view, at) => view.getFloat32(at, true),
  '6/8': (view, at) => (g711.PCMA.decode[view.getUint8(at)] as number) / 32_768,
  '7/8': (view, at) => (g711.PCMU.decode[view.getUint8(at)] as number) / 32_768,
}

const leastRateHz = 4_000
const mostRateHz = 192_000
const mostChannels = 8

/** Undefined: no WAV file, or none of a kind that is read (PCM, float, A-law, µ-law). */
export function decodeWav(bytes: Uint8Array): MonoSound | undefined {
  const format = readWavFormat(bytes)
  const read = format && readers[`${format.code}/${format.bitsPerSample}`]
  if (!format || !read || format.channels < 1 || format.channels > mostChannels) return undefined
  if (format.sampleRateHz < leastRateHz || format.sampleRateHz > mostRateHz) return undefined
  return { samples: mixed(bytes, format, read), sampleRateHz: format.sampleRateHz }
}

function mixed(bytes: Uint8Array, format: WavFormat, read: ReadSample): Float32Array {
  const { channels, bitsPerSample, dataAt, dataBytes } = format
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const sampleBytes = bitsPerSample / 8
  const present = Math.min(dataBytes || bytes.length, bytes.length - dataAt)
  const count = Math.floor(present / (sampleBytes * channels))
  const samples = new Float32Array(count)
  for (let i = 0; i < count; i += 1) {
    let sum = 0
    for (let channel = 0; channel < channels; channel += 1) {
      sum += read(view, dataAt + (i * channels + channel) * sampleBytes)
    }
    samples[i] = sum / channels
  }
  return samples
}
