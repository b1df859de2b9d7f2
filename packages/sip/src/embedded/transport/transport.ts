import type { SipHop } from '../../sip-stack.ts'
import type { SipTransportName } from '../../trunk-config.ts'

export type TransportName = SipTransportName

/** Where a message goes to or came from. `host` of a received message is an address literal without brackets. */
export interface Peer extends SipHop {
  /** Connection it came by, which answers go back through while it is up. */
  readonly connection?: string
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

/** Decides about connections before a message is read. */
export interface SourceGate {
  knowsSource(address: string, transport: TransportName): boolean
  /** After a TLS handshake. `certificate` absent: the peer showed none, or none of a CA we were told to trust. */
  acceptsCertificate(address: string, certificate: ClientCertificate | undefined): boolean
}

/** A client certificate whose signature was checked. */
export interface ClientCertificate {
  isFor(name: string): boolean
}

/** Base of peers that may share a connection. Over TLS that takes the same trunk and the same expected name. */
export function peerKey(peer: Peer): string {
  const address = peerAddress(peer)
  return peer.transport === 'tls' ? `${address}|${peer.serverName ?? ''}|${peer.profile?.name ?? ''}` : address
}

/** As it is shown to people: `udp:192.0.2.1:5060`. */
export const peerAddress = ({ transport, host, port }: SipHop): string => `${transport}:${host}:${port}`

/** IPv4-mapped IPv6 as plain IPv4, so that sources compare. */
export const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '')
