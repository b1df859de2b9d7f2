import type { GatewayProbe } from '../../sip-stack.ts'
import { Headers } from '../message/headers.ts'
import { retryAfterOf } from '../message/retry-after.ts'
import { noBody, type SipRequest } from '../message/sip-message.ts'
import { formatUri } from '../message/sip-uri.ts'
import { TimerSet } from '../transaction/timer-set.ts'
import { type AgentContext, newTag } from './agent-context.ts'

/** A gateway that takes longer is of no use to a caller. Taste. */
const answerMs = 5_000

/** Asks a gateway by OPTIONS whether it is there. `onAnswer` is called once; without a status when nothing came. */
export function probeByOptions(
  context: AgentContext,
  probe: GatewayProbe,
  onAnswer: (status: number | undefined, retryAfterS?: number) => void,
): void {
  const { hop } = probe
  const timers = new TimerSet<'answer'>(context.clock)
  const finish = (status?: number, retryAfterS?: number) => {
    timers.clear()
    onAnswer(status, retryAfterS)
  }
  const transaction = context.layer.request(createOptions(context, probe), hop, {
    onResponse: (response) => response.status >= 200 && finish(response.status, retryAfterOf(response)),
    onTimeout: () => finish(),
    onTransportError: () => finish(),
  })
  if (!transaction.pending) return
  timers.set('answer', answerMs, () => {
    transaction.terminate()
    finish()
  })
}

function createOptions(context: AgentContext, { hop, host, fromDomain }: GatewayProbe): SipRequest {
  const uri = formatUri({ host, port: hop.port, transport: hop.transport })
  const headers = new Headers()
    .add('max-forwards', '70')
    .add('from', `<${formatUri({ user: 'ping', host: fromDomain })}>;tag=${newTag(context.random)}`)
    .add('to', `<${uri}>`)
    .add('call-id', context.random.uuid())
    .add('cseq', '1 OPTIONS')
    .add('contact', context.contact(hop.transport, 'ping', hop.profile))
    .add('accept', 'application/sdp')
    .add('user-agent', context.userAgent)
  return { kind: 'request', method: 'OPTIONS', uri, headers, body: noBody }
}
