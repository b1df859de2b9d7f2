import { addCapabilities, phraseOf } from '../embedded/agent/capabilities.ts'
import { responseTo, sdpOf, withSdp } from '../embedded/message/sip-message.ts'
import { TimerSet } from '../embedded/transaction/timer-set.ts'
import type { DrachtioContext } from './drachtio-context.ts'
import type { InboundRequest } from './inbound-request.ts'

export interface ReofferPorts {
  emit(event: { readonly type: 'reoffer'; readonly id: number; readonly sdp?: string }): void
  /** Another offer is open, ours or that of the first INVITE: the peer has to wait. */
  ownOfferPending(): boolean
  /** Our Contact, once the dialog has one. */
  contact(): string | undefined
}

/** How long the owner may think about an offer. */
const decisionMs = 10_000

/**
 * The peer's changes to a session over drachtio: one at a time, decided by the owner. The server repeats the 2xx.
 * @see RFC 3261 section 14.2, RFC 3311
 */
export class DrachtioReoffers {
  private readonly context: DrachtioContext
  private readonly ports: ReofferPorts
  private readonly timers: TimerSet<'decision'>
  private pending: { readonly id: number; readonly request: InboundRequest } | undefined
  private awaitsAck = false
  private lastId = 0

  constructor(context: DrachtioContext, ports: ReofferPorts) {
    this.context = context
    this.ports = ports
    this.timers = new TimerSet(context.clock)
  }

  get isPending(): boolean {
    return this.pending !== undefined
  }

  receive(request: InboundRequest): void {
    const sdp = sdpOf(request.message)
    if (request.message.method === 'UPDATE' && sdp === undefined) {
      request.respondCapable(200)
      return
    }
    if (this.ports.ownOfferPending()) {
      request.reply(491)
      return
    }
    if (this.pending || this.awaitsAck) {
      const response = responseTo(request.message, 500, phraseOf(500))
      response.headers.add('retry-after', String((this.context.random.bytes(1)[0] ?? 0) % 11))
      request.respond(response)
      return
    }
    this.lastId += 1
    const id = this.lastId
    this.pending = { id, request }
    this.timers.set('decision', decisionMs, () => this.refuse(id, 500))
    request.onCancel(() => this.refuse(id, 487))
    this.ports.emit({ type: 'reoffer', id, ...(sdp === undefined ? {} : { sdp }) })
  }

  reanswer(id: number, sdp: string): void {
    const request = this.take(id)
    if (!request) return
    const response = withSdp(addCapabilities(responseTo(request.message, 200, phraseOf(200))), sdp)
    const contact = this.ports.contact()
    if (contact !== undefined) response.headers.add('contact', contact)
    this.awaitsAck = request.message.method === 'INVITE'
    request.respond(response)
  }

  refuse(id: number, status: number): void {
    this.take(id)?.reply(status >= 300 && status <= 699 ? status : 488)
  }

  acknowledge(): void {
    this.awaitsAck = false
  }

  stop(): void {
    if (this.pending) this.refuse(this.pending.id, 487)
    this.timers.clear()
  }

  private take(id: number): InboundRequest | undefined {
    if (this.pending?.id !== id) return undefined
    const { request } = this.pending
    this.pending = undefined
    this.timers.stop('decision')
    return request
  }
}
