/**
 * A parsed header, filled in place so that nothing is allocated per packet. The payload is
 * `datagram[payloadStart..payloadEnd)`.
 */
export interface RtpHeader {
  marker: boolean
  payloadType: number
  sequence: number
  timestamp: number
  ssrc: number
  payloadStart: number
  payloadEnd: number
}

export const rtpHeaderBytes = 12

export function newRtpHeader(): RtpHeader {
  return { marker: false, payloadType: 0, sequence: 0, timestamp: 0, ssrc: 0, payloadStart: 0, payloadEnd: 0 }
}

/**
 * Reads an RTP header into `into`. False when the datagram is not RTP version 2 or its lengths contradict each other.
 *
 * ```
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |V=2|P|X|  CC   |M|     PT      |       sequence number         |
 * |                           timestamp                           |
 * |                             SSRC                              |
 * |                     CSRC (CC times 4 bytes)                   |
 * ```
 * @see RFC 3550 section 5.1, extension 5.3.1
 */
export function parseRtp(datagram: Uint8Array, into: RtpHeader): boolean {
  const length = datagram.length
  const start = rtpPayloadStart(datagram, length)
  if (start < 0) return false
  const first = datagram[0] as number
  let end = length
  if (first & 0x20) {
    const padding = datagram[length - 1] as number
    if (padding === 0) return false
    end -= padding
  }
  if (start > end) return false
  const second = datagram[1] as number
  into.marker = (second & 0x80) !== 0
  into.payloadType = second & 0x7f
  into.sequence = uint16(datagram, 2)
  into.timestamp = uint32(datagram, 4)
  into.ssrc = uint32(datagram, 8)
  into.payloadStart = start
  into.payloadEnd = end
  return true
}

/** Where the payload of a packet of `length` bytes begins, after contributing sources and extension; -1: not RTP version 2. */
export function rtpPayloadStart(packet: Uint8Array, length: number): number {
  if (length < rtpHeaderBytes) return -1
  const first = packet[0] as number
  if (first >> 6 !== 2) return -1
  let start = rtpHeaderBytes + (first & 0x0f) * 4
  if (first & 0x10) {
    if (start + 4 > length) return -1
    start += 4 + uint16(packet, start + 2) * 4
  }
  return start <= length ? start : -1
}

/** True for the RTCP packet types 192-223, which share the port with RTP under rtcp-mux. @see RFC 5761 section 4 */
export function looksLikeRtcp(datagram: Uint8Array): boolean {
  const second = datagram[1] ?? 0
  return second >= 192 && second <= 223
}

/** Writes the twelve fixed bytes. */
export function writeRtpHeader(
  to: Uint8Array,
  marker: boolean,
  payloadType: number,
  sequence: number,
  timestamp: number,
  ssrc: number,
): void {
  to[0] = 0x80
  to[1] = (marker ? 0x80 : 0) | payloadType
  to[2] = sequence >> 8
  to[3] = sequence
  writeUint32(to, 4, timestamp)
  writeUint32(to, 8, ssrc)
}

export function uint16(from: Uint8Array, at: number): number {
  return ((from[at] as number) << 8) | (from[at + 1] as number)
}

export function uint32(from: Uint8Array, at: number): number {
  return ((uint16(from, at) << 16) | uint16(from, at + 2)) >>> 0
}

export function writeUint32(to: Uint8Array, at: number, value: number): void {
  to[at] = value >>> 24
  to[at + 1] = value >>> 16
  to[at + 2] = value >>> 8
  to[at + 3] = value
}
