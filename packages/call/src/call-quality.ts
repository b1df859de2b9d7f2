import type { CallQuality, RtpStatistics } from '@parley/core'

/** What is written down of a stream's statistics. Times to a tenth of a ms. Undefined: no media was agreed. */
export function callQuality(of: RtpStatistics): CallQuality | undefined {
  if (of.codec === undefined) return undefined
  return {
    codec: of.codec,
    encrypted: of.isEncrypted === true,
    uplink: {
      packetsReceived: of.packetsReceived,
      packetsLost: of.packetsLost,
      packetsDiscarded: of.packetsDiscarded,
      jitterMs: tenths(of.jitterMs),
      ...(of.mos === undefined ? {} : { mos: of.mos }),
    },
    downlink: {
      packetsSent: of.packetsSent,
      ...(of.peerPacketsLost === undefined ? {} : { packetsLost: of.peerPacketsLost }),
      ...(of.peerJitterMs === undefined ? {} : { jitterMs: tenths(of.peerJitterMs) }),
      ...(of.peerMos === undefined ? {} : { mos: of.peerMos }),
      lateTicks: of.lateTicks,
    },
    ...(of.roundTripMs === undefined ? {} : { roundTripMs: tenths(of.roundTripMs) }),
  }
}

const tenths = (ms: number) => Math.round(ms * 10) / 10
