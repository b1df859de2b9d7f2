import { rtpPayloadStart, uint16, uint32, writeUint32 } from '../rtp/rtp-packet.ts'
import { AesCounter } from './aes-counter.ts'
import { deriveSessionKeys } from './key-derivation.ts'
import { estimateIndex } from './packet-index.ts'
import { writeIv } from './packet-iv.ts'
import { PacketTag } from './packet-tag.ts'
import { rtcpTagBytes, rtpTagBytes, type SrtpSuite } from './srtp-keys.ts'

const encrypted = 0x8000_0000
const rtcpHeaderBytes = 8

/**
 * Encrypts and signs what one leg sends, in place. A new SSRC begins with a rollover counter of zero.
 * @see RFC 3711 sections 3.3 (RTP) and 3.4 (RTCP)
 */
export class SrtpSender {
  private readonly tagBytes: number
  private readonly rtpCipher: AesCounter
  private readonly rtpTag: PacketTag
  private readonly rtpSalt: Uint8Array
  private readonly rtcpCipher: AesCounter
  private readonly rtcpTag: PacketTag
  private readonly rtcpSalt: Uint8Array
  private readonly iv = new Uint8Array(16)
  private ssrc = -1
  private highest = -1
  private rtcpIndex = 0

  /** `master`: key and salt, 30 bytes. */
  constructor(suite: SrtpSuite, master: Uint8Array) {
    const { rtp, rtcp } = deriveSessionKeys(master)
    this.tagBytes = rtpTagBytes[suite]
    this.rtpCipher = new AesCounter(rtp.cipherKey)
    this.rtpTag = new PacketTag(rtp.authKey)
    this.rtpSalt = rtp.salt
    this.rtcpCipher = new AesCounter(rtcp.cipherKey)
    this.rtcpTag = new PacketTag(rtcp.authKey)
    this.rtcpSalt = rtcp.salt
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
    writeIv(this.iv, this.rtpSalt, ssrc, index)
    this.rtpCipher.apply(this.iv, packet, rtpPayloadStart(packet, length), length)
    this.rtpTag.write(packet, length, Math.floor(index / 65_536), length, this.tagBytes)
    return length + this.tagBytes
  }

  /** The same for a compound RTCP packet. */
  protectRtcp(packet: Uint8Array, length: number): number {
    const index = this.rtcpIndex
    this.rtcpIndex = (index + 1) % encrypted
    writeIv(this.iv, this.rtcpSalt, uint32(packet, 4), index)
    this.rtcpCipher.apply(this.iv, packet, rtcpHeaderBytes, length)
    const word = encrypted + index
    writeUint32(packet, length, word)
    this.rtcpTag.write(packet, length, word, length + 4, rtcpTagBytes)
    return length + 4 + rtcpTagBytes
  }
}
