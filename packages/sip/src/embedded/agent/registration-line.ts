import type { SipHop } from '../../sip-stack.ts'
import { TimerSet } from '../transaction/timer-set.ts'
import type { AgentContext } from './agent-context.ts'
import type { RegisterOrder, RegistrationLine } from './registration.ts'

/** How long a gateway may be silent. */
const firstResponseMs = 4_000

/** REGISTERs over the embedded transactions. A gateway that says nothing for four seconds has failed. */
export class TransactionLine implements RegistrationLine {
  private readonly context: AgentContext

  constructor(context: AgentContext) {
    this.context = context
  }

  contact(hop: SipHop, account: string): string {
    return this.context.contact(hop.transport, account, hop.profile)
  }

  send(order: RegisterOrder): void {
    const { hop, attempt, isLast, create, onFinal, onFailure } = order
    const timers = new TimerSet<'silence'>(this.context.clock)
    const fail = (detail: string) => {
      timers.clear()
      onFailure(detail, 'gateway')
    }
    const request = create()
    request.headers.add('max-forwards', '70')
    attempt.authorize(request)
    const transaction = this.context.layer.request(request, hop, {
      onResponse: (response) => {
        timers.clear()
        if (response.status < 200) return
        const challenged = response.status === 401 || response.status === 407
        if (challenged && attempt.challenge(response)) this.send(order)
        else {
          attempt.accepted(response)
          onFinal(response)
        }
      },
      onTimeout: () => fail('timeout'),
      onTransportError: (error) => fail(error.message),
    })
    if (!transaction.pending || isLast) return
    timers.set('silence', firstResponseMs, () => {
      transaction.terminate()
      fail('no response')
    })
  }
}
