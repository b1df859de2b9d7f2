import type { SipResponse } from '../message/sip-message.ts'
import { TimerSet } from '../transaction/timer-set.ts'
import { longMs } from '../transaction/timer-values.ts'
import type { ServerTransaction } from '../transaction/transaction.ts'
import type { AgentContext } from './agent-context.ts'

/**
 * Repeats a response until the peer has acknowledged it: a 2xx until its ACK, a reliable 1xx until its PRACK.
 * T1, doubling; a 2xx at most every T2; given up after 64*T1.
 * @see RFC 3261 section 13.3.1.4, RFC 3262 section 3
 */
export class AnswerRepeater {
  private readonly timers: TimerSet<'repeat' | 'giveUp'>
  private readonly context: Pick<AgentContext, 'clock' | 'timers'>
  private readonly transaction: ServerTransaction
  private readonly response: SipResponse

  constructor(context: Pick<AgentContext, 'clock' | 'timers'>, transaction: ServerTransaction, response: SipResponse) {
    this.context = context
    this.transaction = transaction
    this.response = response
    this.timers = new TimerSet(context.clock)
  }

  start(onGiveUp: () => void): void {
    this.transaction.respond(this.response)
    this.repeatAfter(this.context.timers.t1Ms)
    this.timers.set('giveUp', longMs(this.context.timers), () => {
      this.stop()
      onGiveUp()
    })
  }

  stop(): void {
    this.timers.clear()
  }

  private repeatAfter(intervalMs: number): void {
    this.timers.set('repeat', intervalMs, () => {
      const limitMs = this.response.status >= 200 ? this.context.timers.t2Ms : Number.POSITIVE_INFINITY
      this.repeatAfter(Math.min(intervalMs * 2, limitMs))
      this.transaction.respond(this.response)
    })
  }
}
