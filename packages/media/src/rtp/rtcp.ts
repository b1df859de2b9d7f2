import { uint16, uint32, writeUint32 } from './rtp-packet.ts'

const senderReport = 200
const receiverReport = 201
const sourceDescription = 202
const goodbye = 203
/** Seconds from 1900 to 1970. */
const ntpOffset = 2_208_988_800

/** What a sender report says of us. */
export interface SenderFigures {
  readonly ssrc: number
  readonly wallMs: number
  readonly timestamp: number
  readonly packets: number
  readonly bytes: number
}

/** What a report block says of the peer. */
export interface ReceiverFigures {
  readonly ssrc: number
  readonly fractionLost: number
  readonly lost: number
  readonly highestSequence: number
  readonly jitter: number
  readonly lastReport: number
  readonly sinceLastReport: number
}

/**
 * Writes a compound packet into `to` and returns its length: SR, or RR when nothing was sent; one report block when
 * `receiver` is given; SDES with CNAME; BYE when `isLast`.
 * @see RFC 3550 section 6
 */
export function writeReport(
  to: Uint8Array,
  sender: SenderFigures,
  receiver: ReceiverFigures | undefined,
  cname: string,
  isLast: boolean,
): number {
  const isSender = sender.packets > 0
  let at = 8
  writeUint32(to, 4, sender.ssrc)
  if (isSender) {
    const seconds = Math.floor(sender.wallMs / 1000)
    writeUint32(to, 8, seconds + ntpOffset)
    writeUint32(to, 12, Math.floor(((sender.wallMs - seconds * 1000) / 1000) * 4_294_967_296))
    writeUint32(to, 16, sender.timestamp)
    writeUint32(to, 20, sender.packets)
    writeUint32(to, 24, sender.bytes)
    at = 28
  }
  if (receiver) at = writeBlock(to, at, receiver)
  writeHead(to, 0, receiver ? 1 : 0, isSender ? senderReport : receiverReport, at)
  at = writeCname(to, at, sender.ssrc, cname)
  if (!isLast) return at
  writeHead(to, at, 1, goodbye, 8)
  writeUint32(to, at + 4, sender.ssrc)
  return at + 8
}

function writeHead(to: Uint8Array, at: number, count: number, type: number, bytes: number): void {
  to[at] = 0x80 | count
  to[at + 1] = type
  to[at + 2] = (bytes / 4 - 1) >> 8
  to[at + 3] = bytes / 4 - 1
}

function writeBlock(to: Uint8Array, at: number, receiver: ReceiverFigures): number {
  const lost = Math.max(-0x800000, Math.min(0x7fffff, receiver.lost))
  writeUint32(to, at, receiver.ssrc)
  writeUint32(to, at + 4, lost & 0xffffff)
  to[at + 4] = receiver.fractionLost
  writeUint32(to, at + 8, receiver.highestSequence)
  writeUint32(to, at + 12, receiver.jitter)
  writeUint32(to, at + 16, receiver.lastReport)
  writeUint32(to, at + 20, receiver.sinceLastReport)
  return at + 24
}

function writeCname(to: Uint8Array, at: number, ssrc: number, cname: string): number {
  const length = Math.min(cname.length, 64)
  // The item list ends with a zero byte and is filled up to a word.
  const bytes = 8 + Math.ceil((2 + length + 1) / 4) * 4
  to.fill(0, at, at + bytes)
  writeHead(to, at, 1, sourceDescription, bytes)
  writeUint32(to, at + 4, ssrc)
  to[at + 8] = 1
  to[at + 9] = length
  for (let i = 0; i < length; i += 1) to[at + 10 + i] = cname.charCodeAt(i) & 0x7f
  return at + bytes
}

/** What the peer's reports told, kept up to date by `readReport`. */
export interface PeerReports {
  /** Middle 32 bits of the NTP time of the peer's last sender report; 0: none yet. */
  lastReport: number
  lastReportAtMs: number
  /** Packets of ours the peer missed, and the fraction (1/256) in its last interval. */
  lost: number
  fractionLost: number
  /** Of our packets as they reach the peer, in RTP ticks. */
  jitter: number
  /** A report block about us has come. */
  hasReported: boolean
  roundTripMs: number
  saidGoodbye: boolean
  malformed: number
}

export function newPeerReports(): PeerReports {
  return {
    lastReport: 0,
    lastReportAtMs: 0,
    lost: 0,
    fractionLost: 0,
    jitter: 0,
    hasReported: false,
    roundTripMs: Number.NaN,
    saidGoodbye: false,
    malformed: 0,
  }
}

/** Middle 32 bits of the NTP time. */
export function compactNtp(wallMs: number): number {
  return Math.round((wallMs / 1000 + ntpOffset) * 65_536) % 4_294_967_296
}

/** Reads a compound packet. Malformed parts are counted and end the reading. */
export function readReport(
  datagram: Uint8Array,
  ourSsrc: number,
  nowMs: number,
  wallMs: number,
  into: PeerReports,
): void {
  let at = 0
  while (at + 4 <= datagram.length) {
    const end = at + (uint16(datagram, at + 2) + 1) * 4
    const first = datagram[at] as number
    if (first >> 6 !== 2 || end > datagram.length) {
      into.malformed += 1
      return
    }
    const type = datagram[at + 1] as number
    if (type === goodbye) into.saidGoodbye = true
    if (type === senderReport && end - at >= 28) {
      into.lastReport = uint32(datagram, at + 10)
      into.lastReportAtMs = nowMs
    }
    const blocks = type === senderReport ? at + 28 : type === receiverReport ? at + 8 : end
    for (let block = blocks, left = first & 0x1f; left > 0 && block + 24 <= end; block += 24, left -= 1) {
      if (uint32(datagram, block) === ourSsrc) readBlock(datagram, block, wallMs, into)
    }
    at = end
  }
}

function readBlock(datagram: Uint8Array, at: number, wallMs: number, into: PeerReports): void {
  const word = uint32(datagram, at + 4)
  into.fractionLost = word >>> 24
  into.lost = (word << 8) >> 8
  into.jitter = uint32(datagram, at + 12)
  into.hasReported = true
  const lastReport = uint32(datagram, at + 16)
  if (lastReport === 0) return
  const roundTrip = (compactNtp(wallMs) - lastReport - uint32(datagram, at + 20)) / 65.536
  if (roundTrip >= 0 && roundTrip < 60_000) into.roundTripMs = roundTrip
}
