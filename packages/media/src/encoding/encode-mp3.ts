import { createMp3Encoder } from 'wasm-media-encoders'
import type { WavSource } from './wav-source.ts'

/** Constant, so that players tell the length from the size. Speech at 8 kHz, each side with what it needs. Taste. */
const bitrateKbps = { 1: 24, 2: 48 } as const
/** One second at a time. */
const framesPerRead = 8_000

/** MPEG-2.5 layer III at the rate of the recording. The encoder pads to whole frames of 72 ms. */
export async function* encodeMp3(wav: WavSource): AsyncIterable<Uint8Array> {
  const { channels, sampleRateHz } = wav
  const encoder = await createMp3Encoder()
  encoder.configure({ channels, sampleRate: sampleRateHz, bitrate: bitrateKbps[channels] })
  for await (const samples of wav.read(framesPerRead)) {
    // What it returns is its own memory, and is overwritten by the next call.
    yield encoder.encode(sidesOf(samples, channels)).slice()
  }
  yield encoder.finalize().slice()
}

function sidesOf(samples: Int16Array, channels: number): readonly Float32Array[] {
  return Array.from({ length: channels }, (_, channel) =>
    Float32Array.from({ length: samples.length / channels }, (_, i) => (samples[i * channels + channel] ?? 0) / 32_768),
  )
}
