import { rtpPayloadStart, uint16, uint32, writeUint32 } from '../rtp/rtp-packet.ts'
import { type PacketCrypto, packetCrypto } from './packet-crypto.ts'
import { estimateIndex } from './packet-index.ts'
import { writeIv } from './packet-iv.ts'
import { rtcpTagBytes, rtpTagBytes, type SrtpSuite } from './srtp-keys.ts'

const encrypted = 0x8000_0000
const rtcpHeaderBytes = 8

/**
 * Encrypts and signs what one leg sends, in place. A new SSRC begins with a rollover counter of zero.
 * @see RFC 3711 sections 3.3 (RTP) and 3.4 (RTCP)
 */
export class SrtpSender {
  private readonly tagBytes: number
  private readonly rtp: PacketCrypto
  private readonly rtcp: PacketCrypto
  private readonly iv = new Uint8Array(16)
  private ssrc = -1
  private highest = -1
  private rtcpIndex = 0

  /** `master`: key and salt, 30 bytes. */
  constructor(suite: SrtpSuite, master: Uint8Array) {
    const { rtp, rtcp } = packetCrypto(master)
    this.tagBytes = rtpTagBytes[suite]
    this.rtp = rtp
    this.rtcp = rtcp
  }

  /** Returns the new length of the packet in `packet[0..length)`, which must be RTP with room for the tag. */
  protectRtp(packet: Uint8Array, length: number): number {
    const ssrc = uint32(packet, 8)
    if (ssrc !== this.ssrc) {
      this.ssrc = ssrc
      this.highest = -1
    }
    const index = estimateIndex(uint16(packet, 2), this.highest)
    this.highest = Math.max(index, this.highest)
    writeIv(this.iv, this.rtp.salt, ssrc, index)
    this.rtp.cipher.apply(this.iv, packet, rtpPayloadStart(packet, length), length)
    this.rtp.tag.write(packet, length, Math.floor(index / 65_536), length, this.tagBytes)
    return length + this.tagBytes
  }

  /** The same for a compound RTCP packet. */
  protectRtcp(packet: Uint8Array, length: number): number {
    const index = this.rtcpIndex
    this.rtcpIndex = (index + 1) % encrypted
    writeIv(this.iv, this.rtcp.salt, uint32(packet, 4), index)
    this.rtcp.cipher.apply(this.iv, packet, rtcpHeaderBytes, length)
    const word = encrypted + index
    writeUint32(packet, length, word)
    this.rtcp.tag.write(packet, length, word, length + 4, rtcpTagBytes)
    return length + 4 + rtcpTagBytes
  }
}
