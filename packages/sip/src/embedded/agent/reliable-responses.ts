import type { SipRequest, SipResponse } from '../message/sip-message.ts'
import { cseqOf, sdpOf } from '../message/sip-message.ts'
import type { ServerTransaction } from '../transaction/transaction.ts'
import type { AgentContext } from './agent-context.ts'
import { AnswerRepeater } from './answer-repeater.ts'

/** Taste: provisional responses that wait for the PRACK of their predecessor. */
const maxWaiting = 8

/**
 * Provisional responses that are repeated until their PRACK, one after the other.
 * @see RFC 3262 section 3
 */
export class ReliableResponses {
  private readonly context: AgentContext
  private readonly transaction: ServerTransaction
  private readonly onGiveUp: () => void
  private readonly waiting: SipResponse[] = []
  private repeater: AnswerRepeater | undefined
  private last: SipResponse | undefined
  private rseq: number
  private acknowledged = true

  /** `onGiveUp`: one was never acknowledged, after 64*T1. */
  constructor(context: AgentContext, transaction: ServerTransaction, onGiveUp: () => void) {
    this.context = context
    this.transaction = transaction
    this.onGiveUp = onGiveUp
    this.rseq = Buffer.from(context.random.bytes(4)).readUInt32BE() >>> 2
  }

  /** A description is on its way and not acknowledged: no 2xx may be sent. */
  get holdsAnswer(): boolean {
    const open = this.acknowledged ? this.waiting : [this.last, ...this.waiting]
    return open.some((response) => response !== undefined && sdpOf(response) !== undefined)
  }

  send(response: SipResponse): void {
    if (this.waiting.length >= maxWaiting) return
    this.waiting.push(response)
    this.next()
  }

  /** The response that this PRACK acknowledges; undefined when it is none that waits for one. */
  acknowledge(prack: SipRequest): SipResponse | undefined {
    const expected = `${this.rseq} ${cseqOf(this.transaction.request).number} INVITE`
    if (this.acknowledged || prack.headers.get('rack')?.replace(/\s+/g, ' ') !== expected) return undefined
    this.acknowledged = true
    this.repeater?.stop()
    const { last } = this
    this.next()
    return last
  }

  /** Nothing is repeated any more; what is out may still be acknowledged. */
  stop(): void {
    this.waiting.length = 0
    this.repeater?.stop()
  }

  private next(): void {
    const response = this.acknowledged ? this.waiting.shift() : undefined
    if (!response) return
    this.acknowledged = false
    this.rseq += 1
    response.headers.add('require', '100rel').add('rseq', String(this.rseq))
    this.last = response
    this.repeater = new AnswerRepeater(this.context, this.transaction, response)
    this.repeater.start(this.onGiveUp)
  }
}
