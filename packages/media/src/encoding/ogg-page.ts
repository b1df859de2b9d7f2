/** Of one logical stream. */
export interface OggPage {
  readonly serial: number
  readonly sequence: number
  /** Position of the last sample that ends here, at 48 kHz. */
  readonly granule: number
  readonly isFirst?: boolean
  readonly isLast?: boolean
  /** Whole packets; at most 255 segments of 255 bytes in all. */
  readonly packets: readonly Uint8Array[]
}

const headBytes = 27
const crcAt = 22

/**
 *  0      4   5    6              14         18        22    26   27
 *  "OggS" | 0 | flags | granule (8) | serial | sequence | CRC | n | n lacing values | packets
 *
 * @see RFC 3533 section 6
 */
export function oggPage({ serial, sequence, granule, isFirst, isLast, packets }: OggPage): Uint8Array {
  const lacing = packets.flatMap(({ length }) => [...Array<number>(Math.floor(length / 255)).fill(255), length % 255])
  const bytes = new Uint8Array(headBytes + lacing.length + packets.reduce((sum, { length }) => sum + length, 0))
  const view = new DataView(bytes.buffer)
  bytes.set([0x4f, 0x67, 0x67, 0x53], 0)
  bytes[5] = (isFirst ? 2 : 0) | (isLast ? 4 : 0)
  view.setBigUint64(6, BigInt(granule), true)
  view.setUint32(14, serial, true)
  view.setUint32(18, sequence, true)
  bytes[26] = lacing.length
  bytes.set(lacing, headBytes)
  let at = headBytes + lacing.length
  for (const packet of packets) {
    bytes.set(packet, at)
    at += packet.length
  }
  view.setUint32(crcAt, oggCrc(bytes), true)
  return bytes
}

const crcTable = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index << 24
  for (let bit = 0; bit < 8; bit += 1) value = value & 0x8000_0000 ? (value << 1) ^ 0x04c1_1db7 : value << 1
  return value >>> 0
})

/** CRC-32 with generator 0x04c11db7, not reflected, from zero. The page's own field must be zero. */
function oggCrc(bytes: Uint8Array): number {
  let crc = 0
  for (const byte of bytes) crc = ((crc << 8) ^ (crcTable[((crc >>> 24) ^ byte) & 0xff] as number)) >>> 0
  return crc
}
