import type { Codec } from '../src/codec/codec.ts'
import { maxPacketSamples } from '../src/codec/codec.ts'

/** Through encoder and decoder in packets of `packetSamples`. */
export function throughCodec(codec: Codec, samples: Int16Array, packetSamples = 160): Int16Array {
  const out = new Int16Array(samples.length)
  const bytes = new Uint8Array(1500)
  const decoded = new Int16Array(maxPacketSamples)
  for (let at = 0; at + packetSamples <= samples.length; at += packetSamples) {
    const length = codec.encoder.encode(samples.subarray(at, at + packetSamples), bytes, 12)
    const payload = bytes.subarray(12)
    if (codec.decoder.samplesIn(payload, length) !== packetSamples) throw new Error('a packet of another length')
    codec.decoder.decode(payload, length, decoded)
    out.set(decoded.subarray(0, packetSamples), at)
  }
  return out
}

/** Best ratio of signal to noise over delays of up to 20 ms, in dB, and that delay in samples. */
export function bestSnr(original: Int16Array, coded: Int16Array): { readonly snrDb: number; readonly delay: number } {
  let best = { snrDb: Number.NEGATIVE_INFINITY, delay: 0 }
  for (let delay = 0; delay < 160; delay += 1) {
    let signal = 0
    let noise = 0
    for (let i = 0; i + delay < original.length; i += 1) {
      const wanted = original[i] as number
      signal += wanted ** 2
      noise += (wanted - (coded[i + delay] as number)) ** 2
    }
    const snrDb = 10 * Math.log10(signal / noise)
    if (snrDb > best.snrDb) best = { snrDb, delay }
  }
  return best
}

export function sine(hz: number, samples: number, amplitude: number, rateHz = 8000): Int16Array {
  return Int16Array.from({ length: samples }, (_, i) =>
    Math.round(amplitude * Math.sin((2 * Math.PI * hz * i) / rateHz)),
  )
}

/** Power of one frequency in `samples`, dB relative to a full sine of amplitude 1. */
export function powerDbAt(samples: Int16Array, hz: number, rateHz: number): number {
  let re = 0
  let im = 0
  for (let i = 0; i < samples.length; i += 1) {
    const angle = (2 * Math.PI * hz * i) / rateHz
    const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / samples.length)
    re += window * (samples[i] as number) * Math.cos(angle)
    im += window * (samples[i] as number) * Math.sin(angle)
  }
  return 20 * Math.log10((4 * Math.hypot(re, im)) / samples.length + 1e-9)
}
