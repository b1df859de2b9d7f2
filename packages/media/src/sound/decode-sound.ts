import { maxSoundMs, sampleRateHz } from '@parley/core'
import { MPEGDecoder } from 'mpg123-decoder'
import { decodeWav, type MonoSound } from './decode-wav.ts'
import { resample } from './resample.ts'

/**
 * `Int16` mono 8 kHz of an audio file. `rawRateHz`: what is no WAV file is 16-bit mono PCM of this rate; undefined: it is MP3.
 * @throws Error that says why it cannot be played
 */
export async function decodeSound(bytes: Uint8Array, rawRateHz?: number): Promise<Int16Array> {
  const sound =
    decodeWav(bytes) ?? (rawRateHz === undefined || isMp3(bytes) ? await decodeMp3(bytes) : raw(bytes, rawRateHz))
  if (!sound || sound.samples.length === 0) throw unreadable('it is neither a WAV nor an MP3 file')
  if (sound.samples.length / sound.sampleRateHz > maxSoundMs / 1_000) {
    throw unreadable(`it is longer than ${maxSoundMs / 60_000} minutes`)
  }
  const samples = resample(sound.samples, sound.sampleRateHz, sampleRateHz)
  return Int16Array.from(samples, (value) => Math.max(-32_768, Math.min(32_767, Math.round(value * 32_768))))
}

/** An ID3 tag. Frames without one look like samples, too often to tell. */
const isMp3 = (bytes: Uint8Array) => String.fromCharCode(...bytes.subarray(0, 3)) === 'ID3'

async function decodeMp3(bytes: Uint8Array): Promise<MonoSound | undefined> {
  const decoder = new MPEGDecoder()
  try {
    await decoder.ready
    const { channelData, sampleRate, samplesDecoded } = decoder.decode(bytes)
    const [left, right = left] = channelData
    if (!left || !right || samplesDecoded === 0 || sampleRate === 0) return undefined
    const samples = left.map((value, index) => (value + (right[index] ?? 0)) / 2)
    return { samples, sampleRateHz: sampleRate }
  } finally {
    decoder.free()
  }
}

function raw(bytes: Uint8Array, rateHz: number): MonoSound {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const samples = new Float32Array(Math.floor(bytes.length / 2))
  for (let i = 0; i < samples.length; i += 1) samples[i] = view.getInt16(i * 2, true) / 32_768
  return { samples, sampleRateHz: rateHz }
}

const unreadable = (reason: string) => new Error(reason)
