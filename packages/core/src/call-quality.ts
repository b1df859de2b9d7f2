import type { CodecName } from './media.ts'

/**
 * How a call sounded, by its RTP and RTCP at the end. `mos`: mean opinion score of 1 to 4.5, estimated from loss, delay
 * and codec (ITU-T G.107), never heard.
 */
export interface CallQuality {
  readonly codec: CodecName
  /** SRTP, when the call ended. */
  readonly encrypted: boolean
  /** Caller to us. `packetsDiscarded`: late, repeated, malformed, or from elsewhere. `mos` absent: nothing came. */
  readonly uplink: {
    readonly packetsReceived: number
    readonly packetsLost: number
    readonly packetsDiscarded: number
    readonly jitterMs: number
    readonly mos?: number
  }
  /** Us to the caller. What the peer reported of it is absent when it sent no reports. */
  readonly downlink: {
    readonly packetsSent: number
    readonly packetsLost?: number
    readonly jitterMs?: number
    readonly mos?: number
    /** Packets that left more than a frame (20 ms) late. Absent: the call is older than this count. */
    readonly lateTicks?: number
  }
  /** There and back, as the last report measured it. */
  readonly roundTripMs?: number
}
