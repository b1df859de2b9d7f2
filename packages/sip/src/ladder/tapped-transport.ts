import type { Peer, SipTransport, TransportName } from '../embedded/transport/transport.ts'
import { peerAddress } from '../embedded/transport/transport.ts'

/** A transport whose messages that leave are also shown to `onSent`. */
export class TappedTransport implements SipTransport {
  private readonly inner: SipTransport
  private readonly onSent: (bytes: Buffer, peer: string) => void

  constructor(inner: SipTransport, onSent: (bytes: Buffer, peer: string) => void) {
    this.inner = inner
    this.onSent = onSent
  }

  portOf(transport: TransportName): number | undefined {
    return this.inner.portOf(transport)
  }

  send(bytes: Buffer, to: Peer, onError: (error: Error) => void): void {
    this.onSent(bytes, peerAddress(to))
    this.inner.send(bytes, to, onError)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve(this.inner[Symbol.asyncDispose]())
  }
}
