import { type CodecName, frameMs } from '@parley/core'
import type { PeerReports } from '../rtp/rtcp.ts'
import { estimateMos } from './e-model.ts'

/** The figures of a leg that its quality is made of. */
export interface LegFigures {
  readonly codec: CodecName
  readonly packetsSent: number
  readonly packetsReceived: number
  readonly packetsLost: number
  /** Arrived after their turn. */
  readonly packetsLate: number
  readonly jitterMs: number
  /** Of the RTP clock, per ms. */
  readonly ticksPerMs: number
  readonly peer: PeerReports
}

/** `mos`: of the peer's voice as it reaches us. The rest is what the peer told of ours; absent when it told nothing. */
export interface LegQuality {
  readonly mos?: number
  readonly peerJitterMs?: number
  readonly peerMos?: number
}

/** A receiver's buffer is taken to hold twice the jitter. Taste. */
const bufferedJitters = 2

/**
 * Opinion scores of both directions. One way is half the round trip, one packet and the buffer a listener would need;
 * without reports of the peer the round trip counts as zero.
 */
export function qualityOfLeg(figures: LegFigures): LegQuality {
  const { codec, peer } = figures
  const transitMs = (Number.isNaN(peer.roundTripMs) ? 0 : peer.roundTripMs / 2) + frameMs
  const score = (lost: number, of: number, jitterMs: number) =>
    estimateMos({
      codec,
      lossPercent: of === 0 ? 0 : Math.min(100, Math.max(0, (lost / of) * 100)),
      oneWayMs: transitMs + bufferedJitters * jitterMs,
    })
  const { packetsReceived, packetsLost, packetsLate, packetsSent } = figures
  const expected = packetsReceived + packetsLost
  const peerJitterMs = peer.jitter / figures.ticksPerMs
  return {
    ...(expected === 0 ? {} : { mos: score(packetsLost + packetsLate, expected, figures.jitterMs) }),
    ...(peer.hasReported ? { peerJitterMs, peerMos: score(peer.lost, packetsSent, peerJitterMs) } : {}),
  }
}
