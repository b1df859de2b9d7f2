import type { SipRequest, SipResponse } from '../message/sip-message.ts'
import type { Peer } from '../transport/transport.ts'
import type { ClientTransaction, ClientTransactionUser } from './transaction.ts'

/** Above this a request is at risk of being cut into fragments. @see RFC 3261 section 18.1.1 */
export const maxDatagramRequestBytes = 1_300

/**
 * A request too large for UDP: by TCP, and by UDP after all when TCP is refused.
 * @see RFC 3261 section 18.1.1
 */
export class LargeRequest implements ClientTransaction {
  readonly request: SipRequest
  private current: ClientTransaction | undefined

  /** `open` starts a transaction of the same request over the peer's transport. */
  constructor(
    request: SipRequest,
    peer: Peer,
    user: ClientTransactionUser,
    open: (peer: Peer, user: ClientTransactionUser) => ClientTransaction,
  ) {
    this.request = request
    const first = open(
      { ...peer, transport: 'tcp' },
      {
        onResponse: (response) => user.onResponse(response),
        onTimeout: () => user.onTimeout(),
        onTransportError: () => {
          this.current = open(peer, user)
        },
      },
    )
    // Where TCP is not even bound, it has failed already.
    this.current ??= first
  }

  get peer(): Peer {
    return this.transaction.peer
  }

  get pending(): boolean {
    return this.transaction.pending
  }

  receive(response: SipResponse): void {
    this.transaction.receive(response)
  }

  stopRepeating(): void {
    this.transaction.stopRepeating()
  }

  terminate(): void {
    this.transaction.terminate()
  }

  private get transaction(): ClientTransaction {
    if (!this.current) throw new Error('used before it was started')
    return this.current
  }
}
