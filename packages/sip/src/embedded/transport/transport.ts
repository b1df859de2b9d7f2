import type { SipTransportName } from '../../trunk-config.ts'

export type TransportName = SipTransportName

/** Where a message goes to or came from. `host` of a received message is an address literal without brackets. */
export interface Peer {
  readonly transport: TransportName
  readonly host: string
  readonly port: number
}

/** Whole messages, already cut out of streams. Must not throw. */
export type DeliverBytes = (bytes: Buffer, source: Peer) => void

/** Moves bytes between us and peers. The transaction layer repeats what gets lost. */
export interface SipTransport extends AsyncDisposable {
  /** Local port, undefined when that transport is not bound. */
  portOf(transport: TransportName): number | undefined
  /** Returns at once. `onError` is called when the bytes certainly did not leave; silence proves nothing. */
  send(bytes: Buffer, to: Peer, onError: (error: Error) => void): void
}

export const peerKey = (peer: Peer): string => `${peer.transport}:${peer.host}:${peer.port}`

/** IPv4-mapped IPv6 as plain IPv4, so that sources compare. */
export const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '')
