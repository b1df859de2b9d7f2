import type { NetworkName } from './network-profile.ts'

export interface RelaySettings {
  readonly seed: number
  readonly network: NetworkName
  /** RTP ports of the telephones; each gets a socket of the relay. */
  readonly phonePorts: readonly number[]
}

/** One packet and what the relay did with it; ns of the monotonic clock. */
export interface RelayedPacket {
  readonly phonePort: number
  /** `up`: from the telephone to the engine. */
  readonly direction: 'up' | 'down'
  readonly ssrc: number
  readonly seq: number
  readonly arrivedNs: number
  /** First copy handed to the socket. Undefined: lost. */
  readonly leftNs?: number
}

export type RelayRequest =
  /** New packets meet this network, from a new seed of their own. */
  | { readonly type: 'configure'; readonly network: NetworkName; readonly seed: number }
  /** Answered with `packets`; the log begins anew. */
  | { readonly type: 'collect' }

export type RelayReport =
  /** Port of the relay's socket for each telephone port, in their order. */
  | { readonly type: 'ready'; readonly ports: readonly number[] }
  | { readonly type: 'packets'; readonly packets: readonly RelayedPacket[] }
