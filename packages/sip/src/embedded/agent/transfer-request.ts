import type { SipCallEvent } from '../../sip-stack.ts'
import type { DigestClient } from '../auth/digest-client.ts'
import type { Dialog } from '../dialog/dialog.ts'
import { cseqOf, responseTo, type SipRequest, type SipResponse } from '../message/sip-message.ts'
import { parseUri } from '../message/sip-uri.ts'
import { TimerSet } from '../transaction/timer-set.ts'
import { longMs } from '../transaction/timer-values.ts'
import type { ServerTransaction } from '../transaction/transaction.ts'
import type { AgentContext } from './agent-context.ts'
import { phraseOf } from './capabilities.ts'
import { sendInDialog } from './dialog-request.ts'

/** Longest time a subscription is believed to live, whatever the peer says. Taste: a phone rings no longer. */
const maxSubscriptionS = 300

/** Statuses that tell what a subscription ended for, when no final status did. */
const statusOfReason: Readonly<Record<string, number>> = { timeout: 408, rejected: 603, noresource: 480, giveup: 480 }

/**
 * Asks the peer to call somebody in our place and reports what it tells of that call: REFER, its implicit subscription
 * and the NOTIFYs with `message/sipfrag`. One at a time. The last event is a final status, unless the call ends first.
 * @see RFC 3515, RFC 6665 section 4.1.2, RFC 4488 (`Refer-Sub: false`), RFC 3892 (Referred-By)
 */
export class TransferRequest {
  private readonly context: AgentContext
  private readonly dialog: Dialog
  private readonly digest: DigestClient
  private readonly contact: () => string
  private readonly emit: (event: SipCallEvent) => void
  private readonly onGone: () => void
  private readonly timers: TimerSet<'subscription'>
  private state: 'idle' | 'asked' | 'accepted' | 'stopped' = 'idle'
  /** CSeq numbers of the REFER, one per attempt with credentials: the `id` of the subscription is one of them. */
  private seqs: string[] = []

  /** `onGone`: the peer does not know the call any more. */
  constructor(
    context: AgentContext,
    dialog: Dialog,
    digest: DigestClient,
    contact: () => string,
    emit: (event: SipCallEvent) => void,
    onGone: () => void,
  ) {
    this.context = context
    this.dialog = dialog
    this.digest = digest
    this.contact = contact
    this.emit = emit
    this.onGone = onGone
    this.timers = new TimerSet(context.clock)
  }

  /** `target`: a sip, sips or tel URI; `?Replaces=...` makes it an attended transfer. */
  start(target: string): void {
    const scheme = parseUri(target)?.scheme ?? ''
    if (!['sip', 'sips', 'tel'].includes(scheme) || /[<>"\p{Cc}]/u.test(target)) {
      this.emit({ type: 'transfer', status: 400 })
      return
    }
    if (this.state !== 'idle') {
      this.emit({ type: 'transfer', status: 491 })
      return
    }
    this.state = 'asked'
    this.seqs = []
    sendInDialog(this.context, this.dialog, this.digest, {
      method: 'REFER',
      decorate: (request) => {
        this.seqs.push(String(cseqOf(request).number))
        request.headers
          .add('refer-to', `<${target}>`)
          .add('referred-by', `<${this.dialog.localUri}>`)
          .add('contact', this.contact())
          .add('supported', 'norefersub')
        return request
      },
      onFinal: (response) => this.receiveFinal(response),
    })
  }

  /** @see RFC 6665 section 4.1.3: 481 when there is no such subscription */
  receiveNotify(transaction: ServerTransaction): void {
    const { request } = transaction
    const belongs = this.matches(request)
    transaction.respond(responseTo(request, belongs ? 200 : 481, phraseOf(belongs ? 200 : 481)))
    // What comes after the final status is answered and says nothing new.
    if (!belongs || this.state === 'idle') return
    // A NOTIFY may overtake the answer to its REFER.
    this.state = 'accepted'
    const status = sipfragStatusOf(request)
    if (status !== undefined && status >= 200) {
      this.finish(status)
      return
    }
    if (status !== undefined) this.emit({ type: 'transfer', status })
    const subscription = request.headers.get('subscription-state') ?? ''
    if (/^\s*terminated\b/i.test(subscription)) {
      const reason = /;\s*reason\s*=\s*"?([a-z]+)/i.exec(subscription)?.[1]?.toLowerCase() ?? ''
      this.finish(statusOfReason[reason] ?? 480)
      return
    }
    const expiresS = Number(/;\s*expires\s*=\s*(\d{1,9})/i.exec(subscription)?.[1] ?? maxSubscriptionS)
    this.expireAfter(Math.min(expiresS, maxSubscriptionS) * 1000)
  }

  stop(): void {
    this.state = 'stopped'
    this.timers.clear()
  }

  private receiveFinal(response: SipResponse | undefined): void {
    const status = response?.status ?? 408
    if (this.state !== 'asked') return
    if (status >= 300) {
      this.finish(status)
      if (status === 481) this.onGone()
      return
    }
    if (response?.headers.get('refer-sub')?.trim().toLowerCase().startsWith('false')) {
      this.finish(status)
      return
    }
    this.state = 'accepted'
    // Timer N: a NOTIFY has to come at once. @see RFC 6665 section 4.1.2.4
    this.expireAfter(longMs(this.context.timers))
  }

  private matches(notify: SipRequest): boolean {
    if (this.state === 'stopped' || this.seqs.length === 0) return false
    const event = notify.headers.get('event') ?? ''
    if (!/^\s*refer\s*(;|$)/i.test(event)) return false
    const id = /;\s*id\s*=\s*"?(\d+)/i.exec(event)?.[1]
    return id === undefined || this.seqs.includes(id)
  }

  private expireAfter(ms: number): void {
    this.timers.set('subscription', ms, () => this.finish(408))
  }

  private finish(status: number): void {
    this.state = 'idle'
    this.timers.clear()
    this.emit({ type: 'transfer', status })
  }
}

/** The status line of a `message/sipfrag` body. @see RFC 3420 */
function sipfragStatusOf(notify: SipRequest): number | undefined {
  if (!/^message\/sipfrag\s*(;|$)/i.test(notify.headers.get('content-type') ?? '')) return undefined
  const match = /^SIP\/2\.0[ \t]+([1-6]\d\d)\b/.exec(notify.body.toString('latin1', 0, 256))
  return match ? Number(match[1]) : undefined
}
