export type Codec = 'pcma' | 'pcmu'

/** Static RTP payload types. @see RFC 3551 table 4 */
export const payloadTypeOf: Readonly<Record<Codec, number>> = { pcmu: 0, pcma: 8 }

/**
 * A-law: sign, three bits of segment, four of mantissa, even bits inverted. Segments 0 and 1 share a step of 16
 * (of 16-bit PCM); each later one doubles it.
 * @see ITU-T G.711 table 1a
 */
function encodeALaw(sample: number): number {
  const magnitude = (sample >= 0 ? sample : ~sample) >> 4
  const shift = magnitude < 32 ? 0 : 27 - Math.clz32(magnitude)
  const code = magnitude < 32 ? magnitude : ((shift + 1) << 4) | ((magnitude >> shift) & 0x0f)
  return ((sample >= 0 ? 0x80 : 0) | code) ^ 0x55
}

function decodeALaw(code: number): number {
  const bits = code ^ 0x55
  const segment = (bits >> 4) & 7
  const mantissa = bits & 0x0f
  const magnitude = segment === 0 ? (mantissa << 4) + 8 : ((mantissa << 4) + 0x108) << (segment - 1)
  return bits & 0x80 ? magnitude : -magnitude
}

const muBias = 132
const muClip = 32635

/** Mu-law: 132 is added to the magnitude, the place of the leading bit is the segment, all bits are inverted. @see ITU-T G.711 table 2a */
function encodeMuLaw(sample: number): number {
  const magnitude = Math.min(Math.abs(sample), muClip) + muBias
  const segment = 24 - Math.clz32(magnitude)
  const mantissa = (magnitude >> (segment + 3)) & 0x0f
  return ~((sample < 0 ? 0x80 : 0) | (segment << 4) | mantissa) & 0xff
}

function decodeMuLaw(code: number): number {
  const bits = ~code & 0xff
  const magnitude = ((((bits & 0x0f) << 3) + muBias) << ((bits >> 4) & 7)) - muBias
  return bits & 0x80 ? -magnitude : magnitude
}

function buildEncoder(encode: (sample: number) => number): Uint8Array {
  const table = new Uint8Array(65536)
  for (let sample = -32768; sample < 32768; sample += 1) table[sample & 0xffff] = encode(sample)
  return table
}

const encoders: Readonly<Record<Codec, Uint8Array>> = {
  pcma: buildEncoder(encodeALaw),
  pcmu: buildEncoder(encodeMuLaw),
}
const decoders: Readonly<Record<Codec, Int16Array>> = {
  pcma: Int16Array.from({ length: 256 }, (_, code) => decodeALaw(code)),
  pcmu: Int16Array.from({ length: 256 }, (_, code) => decodeMuLaw(code)),
}

/** Writes one byte per sample of `samples` into `into` from `offset` on. */
export function encodeG711(codec: Codec, samples: Int16Array, into: Uint8Array, offset: number): void {
  const table = encoders[codec]
  for (let i = 0; i < samples.length; i += 1) into[offset + i] = table[(samples[i] as number) & 0xffff] as number
}

/** 16-bit PCM of a payload, in a new buffer. */
export function decodeG711(codec: Codec, payload: Uint8Array): Int16Array {
  const table = decoders[codec]
  const samples = new Int16Array(payload.length)
  for (let i = 0; i < payload.length; i += 1) samples[i] = table[payload[i] as number] as number
  return samples
}
