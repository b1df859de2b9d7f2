import { readFileSync } from 'node:fs'
import { encodeG711, g711 } from '../src/codec/g711.ts'
import { Downsampler } from '../src/codec/half-band.ts'
import { levelDb } from '../src/vad/level.ts'

/** A human prompt at 8 kHz after A-law, with half a second of silence on both sides and a whole number of frames. */
export function telephoneClip(name: string): Int16Array {
  const bytes = readFileSync(new URL(`../../../apps/callee/clips/${name}.wav`, import.meta.url))
  const { samples, rateHz } = readWav(bytes)
  if (rateHz !== 8000) throw new Error(`${name} is not at 8 kHz`)
  const padded = new Int16Array(Math.ceil((samples.length + 8000) / 160) * 160)
  padded.set(samples, 4000)
  const codes = new Uint8Array(padded.length)
  encodeG711(g711.PCMA, padded, padded.length, codes, 0)
  return padded.map((_, i) => g711.PCMA.decode[codes[i] as number] as number)
}

/** A human clip as a telephone has it: at 8 kHz. */
export function readClip(file: string): Int16Array {
  const bytes = readFileSync(new URL(`../../../apps/callee/clips/${file}`, import.meta.url))
  const { samples, rateHz } = readWav(bytes)
  if (rateHz === 8000) return samples
  if (rateHz !== 16_000) throw new Error(`${file} is at neither 8 nor 16 kHz`)
  const downsampler = new Downsampler()
  const narrow = new Int16Array(samples.length >> 1)
  for (let at = 0; at < narrow.length; at += 160)
    downsampler.run(samples.subarray(2 * at), Math.min(160, narrow.length - at), narrow.subarray(at))
  return narrow
}

export interface WavContent {
  readonly samples: Int16Array
  readonly channels: number
  readonly rateHz: number
}

/** All channels interleaved. */
export function readWav(bytes: Buffer): WavContent {
  let at = 12
  while (bytes.toString('latin1', at, at + 4) !== 'data') at += 8 + bytes.readUInt32LE(at + 4)
  const count = Math.min(bytes.readUInt32LE(at + 4), bytes.length - at - 8) >> 1
  const samples = Int16Array.from({ length: count }, (_, i) => bytes.readInt16LE(at + 8 + i * 2))
  return { samples, channels: bytes.readUInt16LE(22), rateHz: bytes.readUInt32LE(24) }
}

/** First and last sample of 10 ms blocks within 36 dB of the loudest. */
export function energyBounds(samples: Int16Array): { readonly from: number; readonly to: number } {
  const levels: number[] = []
  for (let at = 0; at + 80 <= samples.length; at += 80) levels.push(levelDb(samples, at, 80))
  const least = Math.max(...levels) - 36
  return { from: levels.findIndex((l) => l > least) * 80, to: (levels.findLastIndex((l) => l > least) + 1) * 80 }
}
