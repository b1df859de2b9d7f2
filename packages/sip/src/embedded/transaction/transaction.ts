import type { Clock } from '@parley/core'
import type { SipMessage, SipRequest, SipResponse } from '../message/sip-message.ts'
import type { Peer } from '../transport/transport.ts'
import type { TimerValues } from './timer-values.ts'

/** What a transaction needs from outside. `send` reports failures to its last argument, possibly later. */
export interface TransactionPorts {
  readonly clock: Clock
  readonly timers: TimerValues
  /** The transport repeats by itself (TCP, TLS). */
  readonly reliable: boolean
  send(message: SipMessage, onError: (error: Error) => void): void
  /** Called once, when the transaction is over and may be forgotten. */
  onTerminated(): void
}

/** Receives what a client transaction learns. After a final response, timeout or error only `onResponse` with a
 * repeated 2xx may follow. */
export interface ClientTransactionUser {
  onResponse(response: SipResponse): void
  onTimeout(): void
  onTransportError(error: Error): void
}

export interface ClientTransaction {
  readonly request: SipRequest
  readonly peer: Peer
  /** No final response yet. */
  readonly pending: boolean
  receive(response: SipResponse): void
  /** No more repeats of the request; late responses are still reported until timer B. */
  stopRepeating(): void
  /** Forgets everything without telling the user. */
  terminate(): void
}

export interface ServerTransaction {
  readonly request: SipRequest
  readonly peer: Peer
  /** Sends a response; ignored once a final one was sent. */
  respond(response: SipResponse): void
  /** A repeat of the request, or the ACK of an INVITE. False: an ACK that is not for this transaction's failure. */
  receive(request: SipRequest): boolean
  terminate(): void
}
