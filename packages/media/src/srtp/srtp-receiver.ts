import { rtpHeaderBytes, rtpPayloadStart, uint16, uint32 } from '../rtp/rtp-packet.ts'
import { AesCounter } from './aes-counter.ts'
import { deriveSessionKeys } from './key-derivation.ts'
import { estimateIndex } from './packet-index.ts'
import { writeIv } from './packet-iv.ts'
import { PacketTag } from './packet-tag.ts'
import { ReplayWindow } from './replay-window.ts'
import { rtcpTagBytes, rtpTagBytes, type SrtpSuite } from './srtp-keys.ts'

const encrypted = 0x8000_0000
const rtcpHeaderBytes = 8
/** A peer that changes its SSRC more often than this loses its oldest. */
const maxSources = 8

/**
 * Verifies and decrypts what one peer sends, in place; what is not genuine is left as it came. Rollover counter and replay
 * window are kept for each SSRC and made by its first genuine packet.
 * @see RFC 3711 sections 3.3 (RTP) and 3.4 (RTCP)
 */
export class SrtpReceiver {
  private readonly tagBytes: number
  private readonly mkiBytes: number
  private readonly rtpCipher: AesCounter
  private readonly rtpTag: PacketTag
  private readonly rtpSalt: Uint8Array
  private readonly rtcpCipher: AesCounter
  private readonly rtcpTag: PacketTag
  private readonly rtcpSalt: Uint8Array
  private readonly rtpSources = new Map<number, ReplayWindow>()
  private readonly rtcpSources = new Map<number, ReplayWindow>()
  private readonly iv = new Uint8Array(16)

  /** `master`: key and salt, 30 bytes. `mkiBytes`: length of the key identifier before each tag, 0: none. */
  constructor(suite: SrtpSuite, master: Uint8Array, mkiBytes: number) {
    const { rtp, rtcp } = deriveSessionKeys(master)
    this.tagBytes = rtpTagBytes[suite]
    this.mkiBytes = mkiBytes
    this.rtpCipher = new AesCounter(rtp.cipherKey)
    this.rtpTag = new PacketTag(rtp.authKey)
    this.rtpSalt = rtp.salt
    this.rtcpCipher = new AesCounter(rtcp.cipherKey)
    this.rtcpTag = new PacketTag(rtcp.authKey)
    this.rtcpSalt = rtcp.salt
  }

  /** Length of the RTP packet that is left in `datagram`; -1: not genuine, or taken before. */
  unprotectRtp(datagram: Uint8Array): number {
    const tagAt = datagram.length - this.tagBytes
    const length = tagAt - this.mkiBytes
    if (length < rtpHeaderBytes || length > AesCounter.maxBytes) return -1
    const start = rtpPayloadStart(datagram, length)
    if (start < 0) return -1
    const ssrc = uint32(datagram, 8)
    const source = this.rtpSources.get(ssrc)
    const index = estimateIndex(uint16(datagram, 2), source ? source.highest : -1)
    if (index < 0 || (source && !source.isFresh(index))) return -1
    if (!this.rtpTag.verify(datagram, length, Math.floor(index / 65_536), tagAt, this.tagBytes)) return -1
    takeIndex(this.rtpSources, source, ssrc, index)
    writeIv(this.iv, this.rtpSalt, ssrc, index)
    this.rtpCipher.apply(this.iv, datagram, start, length)
    return length
  }

  /** The same for a compound RTCP packet, encrypted or only signed. */
  unprotectRtcp(datagram: Uint8Array): number {
    const tagAt = datagram.length - rtcpTagBytes
    const length = tagAt - this.mkiBytes - 4
    if (length < rtcpHeaderBytes || length > AesCounter.maxBytes) return -1
    const ssrc = uint32(datagram, 4)
    const word = uint32(datagram, length)
    const index = word % encrypted
    const source = this.rtcpSources.get(ssrc)
    if (source && !source.isFresh(index)) return -1
    if (!this.rtcpTag.verify(datagram, length, word, tagAt, rtcpTagBytes)) return -1
    takeIndex(this.rtcpSources, source, ssrc, index)
    if (word < encrypted) return length
    writeIv(this.iv, this.rtcpSalt, ssrc, index)
    this.rtcpCipher.apply(this.iv, datagram, rtcpHeaderBytes, length)
    return length
  }
}

function takeIndex(
  sources: Map<number, ReplayWindow>,
  known: ReplayWindow | undefined,
  ssrc: number,
  index: number,
): void {
  if (known) return known.take(index)
  const [oldest] = sources.size >= maxSources ? sources.keys() : []
  if (oldest !== undefined) sources.delete(oldest)
  const source = new ReplayWindow()
  source.take(index)
  sources.set(ssrc, source)
}
