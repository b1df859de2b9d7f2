import type { SipRequest, SipResponse } from '../message/sip-message.ts'
import type { Peer } from '../transport/transport.ts'
import { TimerSet } from './timer-set.ts'
import { longMs } from './timer-values.ts'
import type { ServerTransaction, TransactionPorts } from './transaction.ts'

type State = 'proceeding' | 'completed' | 'confirmed' | 'accepted' | 'terminated'

/**
 * ```
 *   proceeding -300..699-> completed -ACK-> confirmed -timer I-> terminated
 *       |                      +--timer H------------------------> terminated
 *       +--2xx--> accepted -timer L-> terminated
 * ```
 * A 2xx is repeated by the transaction user, not here.
 * @see RFC 3261 section 17.2.1 {@link https://www.rfc-editor.org/rfc/rfc3261#section-17.2.1}
 * @see RFC 6026 section 7.1 (accepted, timer L)
 */
export class InviteServerTransaction implements ServerTransaction {
  readonly request: SipRequest
  readonly peer: Peer
  private state: State = 'proceeding'
  private readonly ports: TransactionPorts
  private readonly timers: TimerSet<'G' | 'H' | 'I' | 'L'>
  private last: SipResponse | undefined

  constructor(request: SipRequest, peer: Peer, ports: TransactionPorts) {
    this.request = request
    this.peer = peer
    this.ports = ports
    this.timers = new TimerSet(ports.clock)
  }

  respond(response: SipResponse): void {
    if (this.state === 'accepted' && response.status >= 200 && response.status < 300) {
      this.transmit(response)
      return
    }
    if (this.state !== 'proceeding') return
    this.last = response
    if (response.status >= 300) this.complete()
    else if (response.status >= 200) {
      this.state = 'accepted'
      this.timers.set('L', longMs(this.ports.timers), () => this.terminate())
    }
    this.transmit(response)
  }

  receive(request: SipRequest): boolean {
    if (request.method === 'ACK') return this.receiveAck()
    // In accepted the INVITE is absorbed: the user's own repeats of the 2xx answer it.
    if ((this.state === 'proceeding' || this.state === 'completed') && this.last) this.transmit(this.last)
    return true
  }

  terminate(): void {
    if (this.state === 'terminated') return
    this.state = 'terminated'
    this.timers.clear()
    this.ports.onTerminated()
  }

  private complete(): void {
    this.state = 'completed'
    if (!this.ports.reliable) this.repeatAfter(this.ports.timers.t1Ms)
    this.timers.set('H', longMs(this.ports.timers), () => this.terminate())
  }

  private receiveAck(): boolean {
    if (this.state === 'completed') {
      this.state = 'confirmed'
      this.timers.clear()
      if (this.ports.reliable) this.terminate()
      else this.timers.set('I', this.ports.timers.t4Ms, () => this.terminate())
    }
    return this.state !== 'accepted' && this.state !== 'proceeding'
  }

  private repeatAfter(intervalMs: number): void {
    this.timers.set('G', intervalMs, () => {
      this.repeatAfter(Math.min(intervalMs * 2, this.ports.timers.t2Ms))
      if (this.last) this.transmit(this.last)
    })
  }

  private transmit(response: SipResponse): void {
    // Lost responses are asked for again by the repeated request.
    this.ports.send(response, () => {})
  }
}
