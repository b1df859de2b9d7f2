import type { Peer, SipTransport, TransportName } from '../embedded/transport/transport.ts'
import { peerAddress } from '../embedded/transport/transport.ts'

/** A transport whose messages that leave are also shown to `onSent`, and those that could not to `onFailed`. */
export class TappedTransport implements SipTransport {
  private readonly inner: SipTransport
  private readonly onSent: (bytes: Buffer, peer: string) => void
  private readonly onFailed: ((error: Error) => void) | undefined

  constructor(inner: SipTransport, onSent: (bytes: Buffer, peer: string) => void, onFailed?: (error: Error) => void) {
    this.inner = inner
    this.onSent = onSent
    this.onFailed = onFailed
  }

  portOf(transport: TransportName): number | undefined {
    return this.inner.portOf(transport)
  }

  send(bytes: Buffer, to: Peer, onError: (error: Error) => void): void {
    this.onSent(bytes, peerAddress(to))
    this.inner.send(bytes, to, (error) => {
      this.onFailed?.(error)
      onError(error)
    })
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve(this.inner[Symbol.asyncDispose]())
  }
}
