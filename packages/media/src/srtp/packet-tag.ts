import { hash } from 'node:crypto'

const hashBlockBytes = 64
const digestBytes = 20
/** A datagram and the four bytes that follow it in the sum. */
const maxMessageBytes = 1504

/**
 * HMAC-SHA1 tags of packets. The two hashes of the HMAC (RFC 2104) run over buffers that are kept, which is quicker than
 * an Hmac object for each packet.
 * @see RFC 3711 section 4.2.1
 */
export class PacketTag {
  private readonly inner = new Uint8Array(hashBlockBytes + maxMessageBytes)
  private readonly outer = new Uint8Array(hashBlockBytes + digestBytes)

  /** `key`: 20 bytes. */
  constructor(key: Uint8Array) {
    this.inner.fill(0x36, 0, hashBlockBytes)
    this.outer.fill(0x5c, 0, hashBlockBytes)
    for (let i = 0; i < key.length; i += 1) {
      this.inner[i] = (this.inner[i] as number) ^ (key[i] as number)
      this.outer[i] = (this.outer[i] as number) ^ (key[i] as number)
    }
  }

  /** Writes the first `tagBytes` of the tag of `packet[0..length)`, followed by `word` as 32 bits, to `packet[at..)`. */
  write(packet: Uint8Array, length: number, word: number, at: number, tagBytes: number): void {
    const digest = this.digest(packet, length, word)
    for (let i = 0; i < tagBytes; i += 1) packet[at + i] = digest[i] as number
  }

  /** True when the tag at `packet[at..at + tagBytes)` is right. Takes as long for a wrong byte wherever it is. */
  verify(packet: Uint8Array, length: number, word: number, at: number, tagBytes: number): boolean {
    const digest = this.digest(packet, length, word)
    let difference = 0
    for (let i = 0; i < tagBytes; i += 1) difference |= (digest[i] as number) ^ (packet[at + i] as number)
    return difference === 0
  }

  private digest(packet: Uint8Array, length: number, word: number): Uint8Array {
    const { inner, outer } = this
    const end = hashBlockBytes + length
    for (let i = 0; i < length; i += 1) inner[hashBlockBytes + i] = packet[i] as number
    inner[end] = word >>> 24
    inner[end + 1] = word >>> 16
    inner[end + 2] = word >>> 8
    inner[end + 3] = word
    outer.set(hash('sha1', inner.subarray(0, end + 4), 'buffer'), hashBlockBytes)
    return hash('sha1', outer, 'buffer')
  }
}
