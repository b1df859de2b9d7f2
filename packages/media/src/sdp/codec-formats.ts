import type { CodecName } from '@parley/core'
import { ourOpusParameters } from './opus-format.ts'

/** How a codec is written in SDP, and how we speak it. */
export interface CodecFormat {
  /** Encoding name of `rtpmap`; compared without regard to case. */
  readonly encoding: string
  /** Clock of its RTP timestamps, as in `rtpmap`. */
  readonly clockHz: number
  /** Written into `rtpmap` where there is one. */
  readonly channels?: number
  /** Written as `fmtp`. */
  readonly parameters?: string
  /** The number we offer; of types that are static it holds without `rtpmap` as well. */
  readonly payloadType: number
  readonly isStatic: boolean
  /** Lengths of packets it can make, in rising order. */
  readonly packetsMs: readonly number[]
}

const tens = [10, 20, 30, 40, 50, 60] as const

/** @see RFC 3551 sections 4.5.2 and 6; RFC 7587 section 7 */
export const codecFormats: Readonly<Record<CodecName, CodecFormat>> = {
  PCMA: { encoding: 'PCMA', clockHz: 8000, payloadType: 8, isStatic: true, packetsMs: tens },
  PCMU: { encoding: 'PCMU', clockHz: 8000, payloadType: 0, isStatic: true, packetsMs: tens },
  // The clock is 8000 though it samples at 16 kHz: an error of RFC 1890 that is kept.
  G722: { encoding: 'G722', clockHz: 8000, payloadType: 9, isStatic: true, packetsMs: tens },
  // Two channels in the name whatever is sent.
  opus: {
    encoding: 'opus',
    clockHz: 48_000,
    channels: 2,
    parameters: ourOpusParameters,
    payloadType: 96,
    isStatic: false,
    packetsMs: [10, 20, 40, 60],
  },
}

const names = Object.keys(codecFormats) as CodecName[]

/** The codec of a payload type that has no `rtpmap`. */
export function staticCodec(payloadType: number): CodecName | undefined {
  return names.find((name) => codecFormats[name].isStatic && codecFormats[name].payloadType === payloadType)
}

/** The codec of an `rtpmap`. */
export function namedCodec(encoding: string, clockHz: number | undefined): CodecName | undefined {
  const wanted = encoding.toUpperCase()
  return names.find(
    (name) => codecFormats[name].encoding.toUpperCase() === wanted && codecFormats[name].clockHz === clockHz,
  )
}

export interface PacketWishes {
  readonly ptimeMs?: number
  readonly maxptimeMs?: number
}

/**
 * Length of the packets we send: what the peer wants to receive, else ours, and never above its maximum; the longest
 * that the codec makes within that, and not below its shortest.
 * @see RFC 4566 section 6 (ptime, maxptime)
 */
export function packetMsFor(codec: CodecName, peer: PacketWishes, oursMs: number): number {
  const { packetsMs } = codecFormats[codec]
  const wantedMs = Math.min(peer.ptimeMs ?? oursMs, peer.maxptimeMs ?? Number.POSITIVE_INFINITY)
  return packetsMs.findLast((ms) => ms <= wantedMs) ?? (packetsMs[0] as number)
}
