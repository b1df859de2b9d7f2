import type { SipRequest, SipResponse } from '../message/sip-message.ts'
import type { Peer } from '../transport/transport.ts'
import { TimerSet } from './timer-set.ts'
import { longMs } from './timer-values.ts'
import type { ClientTransaction, ClientTransactionUser, TransactionPorts } from './transaction.ts'

type State = 'trying' | 'proceeding' | 'completed' | 'terminated'

/**
 * ```
 *   trying -1xx-> proceeding -final-> completed -timer K-> terminated
 * ```
 * @see RFC 3261 section 17.1.2 {@link https://www.rfc-editor.org/rfc/rfc3261#section-17.1.2}
 */
export class NonInviteClientTransaction implements ClientTransaction {
  readonly request: SipRequest
  readonly peer: Peer
  private state: State = 'trying'
  private readonly ports: TransactionPorts
  private readonly user: ClientTransactionUser
  private readonly timers: TimerSet<'E' | 'F' | 'K'>

  constructor(request: SipRequest, peer: Peer, ports: TransactionPorts, user: ClientTransactionUser) {
    this.request = request
    this.peer = peer
    this.ports = ports
    this.user = user
    this.timers = new TimerSet(ports.clock)
  }

  get pending(): boolean {
    return this.state === 'trying' || this.state === 'proceeding'
  }

  start(): void {
    if (!this.ports.reliable) this.repeatAfter(this.ports.timers.t1Ms)
    this.timers.set('F', longMs(this.ports.timers), () => {
      this.terminate()
      this.user.onTimeout()
    })
    this.transmit()
  }

  stopRepeating(): void {
    this.timers.stop('E')
  }

  receive(response: SipResponse): void {
    if (!this.pending) return
    if (response.status < 200) {
      this.state = 'proceeding'
      this.user.onResponse(response)
      return
    }
    this.state = 'completed'
    this.timers.clear()
    if (this.ports.reliable) this.terminate()
    else this.timers.set('K', this.ports.timers.t4Ms, () => this.terminate())
    this.user.onResponse(response)
  }

  terminate(): void {
    if (this.state === 'terminated') return
    this.state = 'terminated'
    this.timers.clear()
    this.ports.onTerminated()
  }

  /** Doubling up to T2; in proceeding always T2. */
  private repeatAfter(intervalMs: number): void {
    this.timers.set('E', intervalMs, () => {
      const { t2Ms } = this.ports.timers
      this.repeatAfter(this.state === 'proceeding' ? t2Ms : Math.min(intervalMs * 2, t2Ms))
      this.transmit()
    })
  }

  private transmit(): void {
    this.ports.send(this.request, (error) => {
      if (!this.pending) return
      this.terminate()
      this.user.onTransportError(error)
    })
  }
}
