import type { SipRequest, SipResponse } from '../message/sip-message.ts'
import type { Peer } from '../transport/transport.ts'
import { TimerSet } from './timer-set.ts'
import { longMs } from './timer-values.ts'
import type { ServerTransaction, TransactionPorts } from './transaction.ts'

/**
 * ```
 *   trying -1xx-> proceeding -final-> completed -timer J-> terminated
 * ```
 * @see RFC 3261 section 17.2.2 {@link https://www.rfc-editor.org/rfc/rfc3261#section-17.2.2}
 */
export class NonInviteServerTransaction implements ServerTransaction {
  readonly request: SipRequest
  readonly peer: Peer
  private readonly ports: TransactionPorts
  private readonly timers: TimerSet<'J'>
  private last: SipResponse | undefined
  private terminated = false

  constructor(request: SipRequest, peer: Peer, ports: TransactionPorts) {
    this.request = request
    this.peer = peer
    this.ports = ports
    this.timers = new TimerSet(ports.clock)
  }

  respond(response: SipResponse): void {
    if (this.terminated || (this.last && this.last.status >= 200)) return
    this.last = response
    this.ports.send(response, () => {})
    if (response.status < 200) return
    if (this.ports.reliable) this.terminate()
    else this.timers.set('J', longMs(this.ports.timers), () => this.terminate())
  }

  receive(_request: SipRequest): boolean {
    if (this.last) this.ports.send(this.last, () => {})
    return true
  }

  terminate(): void {
    if (this.terminated) return
    this.terminated = true
    this.timers.clear()
    this.ports.onTerminated()
  }
}
