/**
 * Fields of an RTP packet. `payload` is a view into the datagram.
 *
 *     |V=2|P|X|  CC   |M|     PT      |       sequence number         |
 *     |                           timestamp                           |
 *     |                             SSRC                              |
 *
 * @see RFC 3550 section 5.1
 */
export interface RtpPacket {
  readonly marker: boolean
  readonly payloadType: number
  readonly seq: number
  readonly timestamp: number
  readonly ssrc: number
  readonly payload: Buffer
}

/** Undefined for anything that is not RTP, RTCP included. */
export function parseRtp(datagram: Buffer): RtpPacket | undefined {
  if (datagram.length < 12) return undefined
  const first = datagram.readUInt8(0)
  const second = datagram.readUInt8(1)
  // RFC 5761 section 4: 192-223 in the second octet is RTCP.
  if (first >> 6 !== 2 || (second >= 192 && second <= 223)) return undefined
  let start = 12 + 4 * (first & 0x0f)
  if (first & 0x10) {
    if (start + 4 > datagram.length) return undefined
    start += 4 + 4 * datagram.readUInt16BE(start + 2)
  }
  const padding = first & 0x20 ? datagram.readUInt8(datagram.length - 1) : 0
  const end = datagram.length - padding
  if (start > end) return undefined
  return {
    marker: (second & 0x80) !== 0,
    payloadType: second & 0x7f,
    seq: datagram.readUInt16BE(2),
    timestamp: datagram.readUInt32BE(4),
    ssrc: datagram.readUInt32BE(8),
    payload: datagram.subarray(start, end),
  }
}

/** A new datagram with a header and room for `payloadBytes` from octet 12 on. */
export function allocateRtp(header: Omit<RtpPacket, 'payload'>, payloadBytes: number): Buffer {
  const datagram = Buffer.alloc(12 + payloadBytes)
  datagram.writeUInt8(0x80, 0)
  datagram.writeUInt8((header.marker ? 0x80 : 0) | header.payloadType, 1)
  datagram.writeUInt16BE(header.seq & 0xffff, 2)
  datagram.writeUInt32BE(header.timestamp >>> 0, 4)
  datagram.writeUInt32BE(header.ssrc >>> 0, 8)
  return datagram
}

const keys = '0123456789*#ABCD'

/** The four octets of a telephone event. @see RFC 4733 section 2.3 */
export function writeTelephoneEvent(
  into: Buffer,
  offset: number,
  event: { readonly key: string; readonly isEnd: boolean; readonly durationTicks: number },
): void {
  into.writeUInt8(keys.indexOf(event.key), offset)
  into.writeUInt8((event.isEnd ? 0x80 : 0) | 10, offset + 1)
  into.writeUInt16BE(Math.min(0xffff, event.durationTicks), offset + 2)
}

/** Key and end mark of a telephone event, or undefined when the payload is none. */
export function readTelephoneEvent(payload: Buffer): { readonly key: string; readonly isEnd: boolean } | undefined {
  if (payload.length < 4) return undefined
  const key = keys[payload.readUInt8(0)]
  return key === undefined ? undefined : { key, isEnd: (payload.readUInt8(1) & 0x80) !== 0 }
}
