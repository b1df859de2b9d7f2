import type { Random } from '@parley/core'
import type { SipCallEvent } from '../../sip-stack.ts'
import type { DigestClient } from '../auth/digest-client.ts'
import type { Dialog } from '../dialog/dialog.ts'
import { cseqOf, type SipRequest, type SipResponse, sdpOf, withSdp } from '../message/sip-message.ts'
import { TimerSet } from '../transaction/timer-set.ts'
import { longMs } from '../transaction/timer-values.ts'
import type { AgentContext } from './agent-context.ts'
import { cancelOf } from './cancel-request.ts'
import { ackOf, sendInDialog } from './dialog-request.ts'

/** What our re-INVITEs and UPDATEs need from the call they belong to. */
export interface OwnOfferPorts {
  emit(event: SipCallEvent): void
  /** An INVITE or an offer of the peer is open; `resume` is called when that changes. */
  mustWait(): boolean
  /** How to send: in an early dialog and for a refresh UPDATE may be the way. */
  methodFor(kind: Job['kind']): 'INVITE' | 'UPDATE'
  /** Adds Contact, capabilities and the session timer. */
  decorate(request: SipRequest): void
  /** Description to send with a refresh by re-INVITE: the one in force. */
  localSdp(): string
  /** A 2xx; `sdp`: the offer of ours that it answers. */
  onAgreed(response: SipResponse, sdp?: string): void
  /** True: the interval was raised as a 422 asks, so another try makes sense. */
  raiseInterval(response: SipResponse): boolean
  /** The peer does not know the dialog any more, or is silent. */
  onGone(detail: string): void
}

type Job = { readonly kind: 'offer'; readonly id: number; readonly sdp: string } | { readonly kind: 'refresh' }

/** Taste: so often an offer is repeated after 491, 422 or 500 with Retry-After. */
const maxTries = 5
/** Taste: offers that wait for their turn. */
const maxWaiting = 8
/** A peer that wants more time than this is taken to refuse. */
const maxRetryAfterS = 10

/**
 * Our changes and refreshes of a session: one at a time, the others wait for their turn; never while an offer of the
 * peer is open. A 2xx is acknowledged as often as it comes, even after the call has ended.
 * @see RFC 3261 section 14.1, RFC 3311 section 5.1
 */
export class OwnOffers {
  private readonly context: AgentContext
  private readonly dialog: Dialog
  private readonly digest: DigestClient
  private readonly ownsCallId: boolean
  private readonly ports: OwnOfferPorts
  private readonly timers: TimerSet<'again' | 'giveUp'>
  private readonly waiting: Job[] = []
  private active: Job | undefined
  private state: 'idle' | 'sent' | 'backingOff' | 'stopped' = 'idle'
  /** What is out carries a description: a refresh by UPDATE does not. */
  private offering = false
  private tries = 0
  private ack: SipRequest | undefined

  /** `ownsCallId`: the first INVITE was ours; decides who waits longer after a glare. */
  constructor(context: AgentContext, dialog: Dialog, digest: DigestClient, ownsCallId: boolean, ports: OwnOfferPorts) {
    this.context = context
    this.dialog = dialog
    this.digest = digest
    this.ownsCallId = ownsCallId
    this.ports = ports
    this.timers = new TimerSet(context.clock)
  }

  /** An offer of ours is on its way: one of the peer gets 491. */
  get pending(): boolean {
    return this.state === 'sent' && this.offering
  }

  offer(id: number, sdp: string): void {
    if (this.state === 'stopped' || this.waiting.length >= maxWaiting) {
      this.ports.emit({ type: 'reoffer.refused', id, status: 491 })
      return
    }
    this.waiting.push({ kind: 'offer', id, sdp })
    this.resume()
  }

  refresh(): void {
    if (this.active?.kind === 'refresh' || this.waiting.some((job) => job.kind === 'refresh')) return
    this.waiting.push({ kind: 'refresh' })
    this.resume()
  }

  /** To be called whenever what `mustWait` looks at has changed. */
  resume(): void {
    if (this.state !== 'idle' || this.ports.mustWait()) return
    this.active ??= this.waiting.shift()
    if (this.active) this.send(this.active)
  }

  /** The call is over; a late 2xx still gets its ACK. */
  stop(): void {
    this.state = 'stopped'
    this.timers.clear()
  }

  private send(job: Job): void {
    this.state = 'sent'
    this.tries += 1
    const method = this.ports.methodFor(job.kind)
    const sdp = job.kind === 'offer' ? job.sdp : method === 'INVITE' ? this.ports.localSdp() : undefined
    this.offering = sdp !== undefined
    sendInDialog(this.context, this.dialog, this.digest, {
      method,
      decorate: (request) => {
        this.ports.decorate(request)
        return sdp === undefined ? request : withSdp(request, sdp)
      },
      onProvisional: ({ request, peer }) => {
        if (method !== 'INVITE' || this.state !== 'sent') return
        // Timer B is over with the 1xx; nobody needs longer than this to change a session.
        this.timers.set('giveUp', longMs(this.context.timers), () => {
          this.context.layer.cancel(cancelOf(request), peer, { onResponse() {}, onTimeout() {}, onTransportError() {} })
          this.timers.set('giveUp', longMs(this.context.timers), () => this.ports.onGone('re-INVITE without an end'))
        })
      },
      onFinal: (response, request) => this.receive(job, response, request),
    })
  }

  private receive(job: Job, response: SipResponse | undefined, request: SipRequest): void {
    const status = response?.status ?? 408
    if (response && status < 300 && request.method === 'INVITE' && !this.acknowledge(response, request)) return
    if (this.state !== 'sent') return
    this.state = 'idle'
    this.timers.clear()
    if (response && status < 300) {
      this.finish()
      this.agreed(job, response)
    } else if (status === 408 || status === 481) {
      this.ports.onGone(status === 408 ? `no answer to ${request.method}` : 'the peer does not know the call')
      return
    } else this.refused(job, status, response)
    this.resume()
  }

  /** False: a repeat, or the call is over and nothing but the ACK is owed. */
  private acknowledge(response: SipResponse, invite: SipRequest): boolean {
    const isRepeat = this.ack !== undefined && cseqOf(this.ack).number === cseqOf(invite).number
    if (!isRepeat) {
      this.dialog.refreshTarget(response)
      this.ack = ackOf(this.dialog, invite)
    }
    if (this.ack) this.context.layer.sendAck(this.ack, this.dialog.nextHop())
    return !isRepeat
  }

  private agreed(job: Job, response: SipResponse): void {
    if (job.kind === 'refresh') {
      this.ports.onAgreed(response)
      return
    }
    const answer = sdpOf(response)
    this.ports.onAgreed(response, answer === undefined ? undefined : job.sdp)
    const { id } = job
    if (answer === undefined) this.ports.emit({ type: 'reoffer.refused', id, status: 488 })
    else this.ports.emit({ type: 'reoffer.answered', id, sdp: answer })
  }

  private refused(job: Job, status: number, response: SipResponse | undefined): void {
    const pauseMs = response && this.tries < maxTries ? this.pauseMsAfter(response) : undefined
    if (pauseMs !== undefined) {
      this.state = 'backingOff'
      this.timers.set('again', pauseMs, () => {
        this.state = 'idle'
        this.resume()
      })
      return
    }
    this.finish()
    if (job.kind === 'offer') this.ports.emit({ type: 'reoffer.refused', id: job.id, status })
  }

  /** When to try again after this refusal; undefined: never. */
  private pauseMsAfter(response: SipResponse): number | undefined {
    if (response.status === 491) return glarePauseMs(this.ownsCallId, this.context.random)
    if (response.status === 422) return this.ports.raiseInterval(response) ? 0 : undefined
    const retryAfter = /^(\d{1,6})\b/.exec(response.headers.get('retry-after') ?? '')?.[1]
    const isBusy = response.status === 500 && retryAfter !== undefined && Number(retryAfter) <= maxRetryAfterS
    return isBusy ? Number(retryAfter) * 1000 : undefined
  }

  private finish(): void {
    this.active = undefined
    this.tries = 0
  }
}

/**
 * How long to wait after a glare, in steps of 10 ms: 2.1 to 4 s for the side that chose the Call-ID, 0 to 2 s for the other.
 * @see RFC 3261 section 14.1
 */
export function glarePauseMs(ownsCallId: boolean, random: Random): number {
  const share = Buffer.from(random.bytes(4)).readUInt32BE() / 2 ** 32
  return ownsCallId ? 2_100 + 10 * Math.floor(share * 191) : 10 * Math.floor(share * 201)
}
