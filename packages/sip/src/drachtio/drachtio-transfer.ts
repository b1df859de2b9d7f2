import type { SipRequest } from '../embedded/message/sip-message.ts'
import { parseUri } from '../embedded/message/sip-uri.ts'
import { TimerSet } from '../embedded/transaction/timer-set.ts'
import type { SipCallEvent } from '../sip-stack.ts'
import type { DrachtioContext } from './drachtio-context.ts'
import type { InboundRequest } from './inbound-request.ts'

/** Longest time without news of the transfer. Taste: a phone rings no longer. */
const silenceMs = 300_000
/** Timer N: after 202 a NOTIFY has to come at once. @see RFC 6665 section 4.1.2.4 */
const firstNotifyMs = 32_000

export interface TransferPorts {
  emit(event: SipCallEvent): void
  /** Sends the REFER; the final status comes back, 408 when there is none. */
  send(target: string, onFinal: (status: number) => void): void
}

/**
 * One transfer at a time: REFER and the NOTIFYs about it. The last event is a final status, unless the call ends first.
 * @see RFC 3515
 */
export class DrachtioTransfer {
  private readonly ports: TransferPorts
  private readonly timers: TimerSet<'news'>
  private open = false

  constructor(context: DrachtioContext, ports: TransferPorts) {
    this.ports = ports
    this.timers = new TimerSet(context.clock)
  }

  start(target: string): void {
    const scheme = parseUri(target)?.scheme ?? ''
    if (this.open || !['sip', 'sips', 'tel'].includes(scheme) || /[<>"\p{Cc}]/u.test(target)) {
      this.ports.emit({ type: 'transfer', status: this.open ? 491 : 400 })
      return
    }
    this.open = true
    this.ports.send(target, (status) => {
      if (status >= 300) this.finish(status)
      else if (this.open) this.awaitNews(firstNotifyMs)
    })
  }

  receiveNotify(request: InboundRequest): void {
    const { message } = request
    const isRefer = /^\s*refer\s*(;|$)/i.test(message.headers.get('event') ?? '')
    request.reply(isRefer ? 200 : 489)
    if (!isRefer || !this.open) return
    const status = sipfragStatusOf(message)
    const isOver = /^\s*terminated\b/i.test(message.headers.get('subscription-state') ?? '')
    if (status !== undefined && status < 200) this.ports.emit({ type: 'transfer', status })
    if (status !== undefined && status >= 200) this.finish(status)
    else if (isOver) this.finish(480)
    else this.awaitNews(silenceMs)
  }

  stop(): void {
    this.open = false
    this.timers.clear()
  }

  private awaitNews(ms: number): void {
    this.timers.set('news', ms, () => this.finish(408))
  }

  private finish(status: number): void {
    if (!this.open) return
    this.stop()
    this.ports.emit({ type: 'transfer', status })
  }
}

/** @see RFC 3420 */
function sipfragStatusOf({ headers, body }: SipRequest): number | undefined {
  if (!/^message\/sipfrag\s*(;|$)/i.test(headers.get('content-type') ?? '')) return undefined
  const line = /^SIP\/2\.0 +([1-6]\d\d)\b/.exec(body.toString('latin1', 0, 64))
  return line ? Number(line[1]) : undefined
}
