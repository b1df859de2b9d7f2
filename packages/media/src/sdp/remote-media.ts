import type { CodecName } from '@parley/core'
import type { SrtpKeys } from '../srtp/srtp-keys.ts'

/** The outcome of an offer/answer exchange: all that sending and receiving need. Plain data. */
export interface RemoteMedia {
  readonly host: string
  readonly port: number
  readonly rtcpHost: string
  readonly rtcpPort: number
  readonly codec: CodecName
  /** Written into the packets we send: the peer's number. */
  readonly sendPayloadType: number
  /** Accepted from the peer: our number and, as some confuse them, the peer's. */
  readonly receivePayloadTypes: readonly number[]
  /** -1: the peer takes no telephone events. */
  readonly sendEventType: number
  readonly receiveEventTypes: readonly number[]
  /** False while the peer holds us. */
  readonly maySend: boolean
  /** False when the peer said it will not send. */
  readonly peerSends: boolean
  /** Absent: plain RTP. A secret. */
  readonly srtp?: SrtpKeys
}
