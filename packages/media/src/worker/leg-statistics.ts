import type { RtpStatistics } from '@parley/core'
import type { Downlink } from '../downlink.ts'
import { qualityOfLeg } from '../quality/leg-quality.ts'
import type { RemoteMedia } from '../sdp/remote-media.ts'
import type { Uplink } from '../uplink.ts'
import type { CallerEar } from '../vad/caller-ear.ts'
import type { LegRtcp } from './leg-rtcp.ts'

/** The parts of a leg that count. */
export interface CountedLeg {
  readonly uplink: Uplink
  readonly downlink: Downlink
  readonly rtcp: LegRtcp
  readonly ear: CallerEar
  readonly remote: RemoteMedia | undefined
  /** Packets refused before they reached the uplink. */
  readonly refused: number
}

/** The figures of a leg so far. */
export function statisticsOf(leg: CountedLeg): RtpStatistics {
  const { uplink, downlink, rtcp, ear, refused } = leg
  const { reception } = uplink
  return {
    packetsSent: downlink.packetsSent,
    packetsReceived: reception.received,
    packetsLost: reception.lost,
    packetsDiscarded: refused + uplink.discarded + uplink.late,
    jitterMs: reception.jitterMs,
    lateTicks: downlink.lateTicks,
    ...(rtcp.peer.hasReported ? { peerPacketsLost: rtcp.peer.lost } : {}),
    ...qualityOf(leg),
    ...(Number.isNaN(ear.echoDelayMs) ? {} : { echoDelayMs: ear.echoDelayMs, echoReturnLossDb: ear.echoLossDb }),
    ...(Number.isNaN(rtcp.peer.roundTripMs) ? {} : { roundTripMs: rtcp.peer.roundTripMs }),
  }
}

function qualityOf({ uplink, downlink, rtcp, remote }: CountedLeg): Partial<RtpStatistics> {
  if (!remote) return {}
  const { reception, late } = uplink
  const { codec, srtp } = remote
  const figures = {
    codec,
    packetsSent: downlink.packetsSent,
    packetsReceived: reception.received,
    packetsLost: reception.lost,
    packetsLate: late,
    jitterMs: reception.jitterMs,
    ticksPerMs: 8,
    peer: rtcp.peer,
  }
  return { codec, isEncrypted: srtp !== undefined, ...qualityOfLeg(figures) }
}
