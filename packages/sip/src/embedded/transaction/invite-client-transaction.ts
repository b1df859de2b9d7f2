import { Headers } from '../message/headers.ts'
import { noBody, type SipRequest, type SipResponse } from '../message/sip-message.ts'
import type { Peer } from '../transport/transport.ts'
import { TimerSet } from './timer-set.ts'
import { longMs, timerDMs } from './timer-values.ts'
import type { ClientTransaction, ClientTransactionUser, TransactionPorts } from './transaction.ts'

type State = 'calling' | 'proceeding' | 'completed' | 'accepted' | 'terminated'

/**
 * ```
 *   calling -1xx-> proceeding -300..699-> completed -timer D-> terminated
 *      |               |
 *      +------2xx------+--> accepted -timer M-> terminated
 * ```
 * @see RFC 3261 section 17.1.1 {@link https://www.rfc-editor.org/rfc/rfc3261#section-17.1.1}
 * @see RFC 6026 section 7.2 (accepted, timer M)
 */
export class InviteClientTransaction implements ClientTransaction {
  readonly request: SipRequest
  readonly peer: Peer
  private state: State = 'calling'
  private readonly ports: TransactionPorts
  private readonly user: ClientTransactionUser
  private readonly timers: TimerSet<'A' | 'B' | 'D' | 'M'>
  private ack: SipRequest | undefined

  constructor(request: SipRequest, peer: Peer, ports: TransactionPorts, user: ClientTransactionUser) {
    this.request = request
    this.peer = peer
    this.ports = ports
    this.user = user
    this.timers = new TimerSet(ports.clock)
  }

  get pending(): boolean {
    return this.state === 'calling' || this.state === 'proceeding'
  }

  start(): void {
    if (!this.ports.reliable) this.repeatAfter(this.ports.timers.t1Ms)
    this.timers.set('B', longMs(this.ports.timers), () => {
      this.terminate()
      this.user.onTimeout()
    })
    this.transmit()
  }

  stopRepeating(): void {
    this.timers.stop('A')
  }

  receive(response: SipResponse): void {
    if (response.status < 200) {
      this.receiveProvisional(response)
      return
    }
    if (response.status < 300) {
      this.receiveSuccess(response)
      return
    }
    if (this.pending) {
      this.state = 'completed'
      this.timers.clear()
      this.ack = ackForFailure(this.request, response)
      this.sendAck()
      if (this.ports.reliable) this.terminate()
      else this.timers.set('D', Math.max(timerDMs, longMs(this.ports.timers)), () => this.terminate())
      this.user.onResponse(response)
    } else if (this.state === 'completed') this.sendAck() // our ACK was lost
  }

  terminate(): void {
    if (this.state === 'terminated') return
    this.state = 'terminated'
    this.timers.clear()
    this.ports.onTerminated()
  }

  private receiveProvisional(response: SipResponse): void {
    if (!this.pending) return
    this.state = 'proceeding'
    this.timers.stop('A')
    this.timers.stop('B')
    this.user.onResponse(response)
  }

  /** Every 2xx goes up, repeats and those of other forks too: the user sends their ACKs. */
  private receiveSuccess(response: SipResponse): void {
    if (this.pending) {
      this.state = 'accepted'
      this.timers.clear()
      this.timers.set('M', longMs(this.ports.timers), () => this.terminate())
    }
    if (this.state === 'accepted') this.user.onResponse(response)
  }

  private repeatAfter(intervalMs: number): void {
    this.timers.set('A', intervalMs, () => {
      this.repeatAfter(intervalMs * 2)
      this.transmit()
    })
  }

  private transmit(): void {
    this.ports.send(this.request, (error) => {
      if (this.state !== 'calling') return
      this.terminate()
      this.user.onTransportError(error)
    })
  }

  private sendAck(): void {
    if (this.ack) this.ports.send(this.ack, () => {})
  }
}

/** @see RFC 3261 section 17.1.1.3: same branch and route as the INVITE, To of the response */
function ackForFailure(invite: SipRequest, response: SipResponse): SipRequest {
  const headers = new Headers()
  headers.add('via', invite.headers.get('via') ?? '')
  headers.addAll('route', invite.headers.all('route'))
  headers.add('max-forwards', '70')
  headers.add('from', invite.headers.get('from') ?? '')
  headers.add('to', response.headers.get('to') ?? '')
  headers.add('call-id', invite.headers.get('call-id') ?? '')
  headers.add('cseq', `${Number.parseInt(invite.headers.get('cseq') ?? '', 10)} ACK`)
  return { kind: 'request', method: 'ACK', uri: invite.uri, headers, body: noBody }
}
