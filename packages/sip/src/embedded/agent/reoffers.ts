import { responseTo, type SipRequest, type SipResponse, sdpOf, withSdp } from '../message/sip-message.ts'
import { TimerSet } from '../transaction/timer-set.ts'
import type { ServerTransaction } from '../transaction/transaction.ts'
import type { AgentContext } from './agent-context.ts'
import { AnswerRepeater } from './answer-repeater.ts'
import { addCapabilities, phraseOf } from './capabilities.ts'

/** What re-INVITE and UPDATE need from the call they belong to. */
export interface ReofferPorts {
  emit(event: { readonly type: 'reoffer'; readonly id: number; readonly sdp?: string }): void
  nextId(): number
  /** Another offer is open, ours or that of the first INVITE: the peer has to wait. */
  ownOfferPending(): boolean
  /** Adds Contact and the session timer to a 2xx. */
  finishAnswer(request: SipRequest, response: SipResponse): void
  onNoAck(): void
  /** No offer of the peer is open any more. */
  onIdle(): void
}

/** How long the owner may think about an offer. */
const decisionMs = 10_000

interface Pending {
  readonly id: number
  readonly transaction: ServerTransaction
}

/**
 * The peer's changes to a session: one at a time, decided by the owner through `reanswer` and `refuse`.
 * @see RFC 3261 section 14.2, RFC 3311, RFC 3262 section 5 (offers in PRACK)
 */
export class Reoffers {
  private readonly context: AgentContext
  private readonly ports: ReofferPorts
  private readonly timers: TimerSet<'decision'>
  private pending: Pending | undefined
  private repeater: AnswerRepeater | undefined

  constructor(context: AgentContext, ports: ReofferPorts) {
    this.context = context
    this.ports = ports
    this.timers = new TimerSet(context.clock)
  }

  /** An offer is undecided, or its 2xx has no ACK yet. */
  get busy(): boolean {
    return this.pending !== undefined || this.repeater !== undefined
  }

  receive(transaction: ServerTransaction): void {
    const { request } = transaction
    const sdp = sdpOf(request)
    if (request.method === 'UPDATE' && sdp === undefined) {
      this.acceptRefresh(transaction)
      return
    }
    if (this.ports.ownOfferPending()) {
      this.respond(transaction, 491)
      return
    }
    if (this.busy) {
      this.respondLater(transaction)
      return
    }
    if (request.method === 'INVITE') this.respond(transaction, 100)
    const id = this.ports.nextId()
    this.pending = { id, transaction }
    this.timers.set('decision', decisionMs, () => this.refuse(id, 500))
    this.ports.emit({ type: 'reoffer', id, ...(sdp === undefined ? {} : { sdp }) })
  }

  reanswer(id: number, sdp: string): void {
    const transaction = this.take(id)
    if (!transaction) return
    const response = withSdp(addCapabilities(responseTo(transaction.request, 200, phraseOf(200))), sdp)
    this.ports.finishAnswer(transaction.request, response)
    if (transaction.request.method !== 'INVITE') {
      transaction.respond(response)
      this.ports.onIdle()
      return
    }
    this.repeater = new AnswerRepeater(this.context, transaction, response)
    this.repeater.start(() => {
      this.repeater = undefined
      this.ports.onNoAck()
    })
  }

  refuse(id: number, status: number): void {
    const transaction = this.take(id)
    if (!transaction) return
    this.respond(transaction, status >= 300 && status <= 699 ? status : 488)
    this.ports.onIdle()
  }

  /** The ACK of a re-INVITE's 2xx. */
  acknowledge(): void {
    this.repeater?.stop()
    this.repeater = undefined
    this.ports.onIdle()
  }

  /** CANCEL of a re-INVITE: the session stays as it is. */
  cancel(transaction: ServerTransaction): void {
    if (this.pending?.transaction === transaction) this.refuse(this.pending.id, 487)
  }

  stop(): void {
    if (this.pending) this.refuse(this.pending.id, 487)
    this.acknowledge()
    this.timers.clear()
  }

  private acceptRefresh(transaction: ServerTransaction): void {
    const response = addCapabilities(responseTo(transaction.request, 200, phraseOf(200)))
    this.ports.finishAnswer(transaction.request, response)
    transaction.respond(response)
  }

  private take(id: number): ServerTransaction | undefined {
    if (this.pending?.id !== id) return undefined
    const { transaction } = this.pending
    this.pending = undefined
    this.timers.stop('decision')
    return transaction
  }

  private respond(transaction: ServerTransaction, status: number): void {
    transaction.respond(responseTo(transaction.request, status, phraseOf(status)))
  }

  /** @see RFC 3261 section 14.2: 500 with a Retry-After of 0 to 10 s while an earlier offer is open */
  private respondLater(transaction: ServerTransaction): void {
    const response = responseTo(transaction.request, 500, phraseOf(500))
    response.headers.add('retry-after', String((this.context.random.bytes(1)[0] ?? 0) % 11))
    transaction.respond(response)
  }
}
