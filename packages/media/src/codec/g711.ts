import type { AudioDecoder, AudioEncoder, Codec } from './codec.ts'

export type G711Law = 'PCMA' | 'PCMU'

/** One direction of G.711: 256 linear values out, 65,536 code words in. */
export interface G711Tables {
  /** Code word to `Int16`. */
  readonly decode: Int16Array
  /** `Int16` taken as an unsigned index (`sample & 0xffff`) to code word. */
  readonly encode: Uint8Array
  /** Code word of digital silence. */
  readonly silence: number
}

const muLawBias = 132
const muLawClip = 32_635

/** Both laws of ITU-T G.711, as tables. */
export const g711: Readonly<Record<G711Law, G711Tables>> = {
  PCMA: makeTables(decodeALaw, encodeALaw),
  PCMU: makeTables(decodeMuLaw, encodeMuLaw),
}

/** G.711 has no state: each byte is a sample. */
export function newG711(law: G711Law): Codec {
  return { name: law, decoder: new G711Decoder(g711[law]), encoder: new G711Encoder(g711[law]), close() {} }
}

class G711Decoder implements AudioDecoder {
  readonly ticksPerSample = 1
  private readonly table: Int16Array

  constructor(tables: G711Tables) {
    this.table = tables.decode
  }

  samplesIn(_payload: Uint8Array, length: number): number {
    return length
  }

  decode(payload: Uint8Array, length: number, into: Int16Array): number {
    for (let i = 0; i < length; i += 1) into[i] = this.table[payload[i] as number] as number
    return length
  }
}

class G711Encoder implements AudioEncoder {
  readonly ticksPerSample = 1
  private readonly tables: G711Tables

  constructor(tables: G711Tables) {
    this.tables = tables
  }

  encode(from: Int16Array, to: Uint8Array, offset: number): number {
    encodeG711(this.tables, from, from.length, to, offset)
    return from.length
  }
}

/** Encodes `count` samples of `from` into `to` at `offset`. */
export function encodeG711(tables: G711Tables, from: Int16Array, count: number, to: Uint8Array, offset: number): void {
  const table = tables.encode
  for (let i = 0; i < count; i += 1) to[offset + i] = table[(from[i] as number) & 0xffff] as number
}

function makeTables(decode: (code: number) => number, encode: (sample: number) => number): G711Tables {
  const decodeTable = new Int16Array(256)
  for (let code = 0; code < 256; code += 1) decodeTable[code] = decode(code)
  const encodeTable = new Uint8Array(65_536)
  for (let sample = -32_768; sample < 32_768; sample += 1) encodeTable[sample & 0xffff] = encode(sample)
  return { decode: decodeTable, encode: encodeTable, silence: encode(0) }
}

/** Even bits are inverted on the line (0x55); sign bit set means positive; eight segments of sixteen steps. */
function decodeALaw(code: number): number {
  const plain = code ^ 0x55
  const segment = (plain >> 4) & 7
  const step = ((plain & 0x0f) << 4) + 8
  const magnitude = segment === 0 ? step : (step + 0x100) << (segment - 1)
  return plain & 0x80 ? magnitude : -magnitude
}

function encodeALaw(sample: number): number {
  const magnitude = sample >= 0 ? sample : -sample - 1
  const sign = sample >= 0 ? 0x80 : 0
  if (magnitude < 256) return (sign | (magnitude >> 4)) ^ 0x55
  const segment = 24 - Math.clz32(magnitude)
  return (sign | (segment << 4) | ((magnitude >> (segment + 3)) & 0x0f)) ^ 0x55
}

/** All bits are inverted on the line; sign bit set (after inversion) means negative. */
function decodeMuLaw(code: number): number {
  const plain = ~code & 0xff
  const magnitude = ((((plain & 0x0f) << 3) + muLawBias) << ((plain >> 4) & 7)) - muLawBias
  return plain & 0x80 ? -magnitude : magnitude
}

function encodeMuLaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0
  const biased = Math.min(Math.abs(sample), muLawClip) + muLawBias
  const segment = 24 - Math.clz32(biased)
  return ~(sign | (segment << 4) | ((biased >> (segment + 3)) & 0x0f)) & 0xff
}
