import type { GatewayProbe } from '../../sip-stack.ts'
import { DigestClient } from '../auth/digest-client.ts'
import { Headers } from '../message/headers.ts'
import { retryAfterOf } from '../message/retry-after.ts'
import { noBody, type SipRequest } from '../message/sip-message.ts'
import { formatUri } from '../message/sip-uri.ts'
import { TimerSet } from '../transaction/timer-set.ts'
import { type AgentContext, newTag } from './agent-context.ts'

/** A gateway that takes longer is of no use to a caller. Taste. */
const answerMs = 5_000

/**
 * Asks a gateway by OPTIONS whether it is there; a challenge is answered when the probe has credentials. `onAnswer` is
 * called once; without a status when nothing came.
 */
export function probeByOptions(
  context: AgentContext,
  probe: GatewayProbe,
  onAnswer: (status: number | undefined, retryAfterS?: number) => void,
): void {
  const { hop } = probe
  const timers = new TimerSet<'answer'>(context.clock)
  const attempt = new DigestClient(probe.credentials, context.random).attempt()
  const base = createOptions(context, probe)
  let seq = 0
  const finish = (status?: number, retryAfterS?: number) => {
    timers.clear()
    onAnswer(status, retryAfterS)
  }
  const ask = () => {
    seq += 1
    const request = { ...base, headers: base.headers.clone().set('cseq', `${seq} OPTIONS`) }
    attempt.authorize(request)
    const transaction = context.layer.request(request, hop, {
      onResponse: (response) => {
        if (response.status < 200) return
        const challenged = response.status === 401 || response.status === 407
        if (challenged && attempt.challenge(response)) ask()
        else finish(response.status, retryAfterOf(response))
      },
      onTimeout: () => finish(),
      onTransportError: () => finish(),
    })
    if (!transaction.pending) return
    timers.set('answer', answerMs, () => {
      transaction.terminate()
      finish()
    })
  }
  ask()
}

function createOptions(context: AgentContext, { hop, host, fromDomain }: GatewayProbe): SipRequest {
  const uri = formatUri({ host, port: hop.port, transport: hop.transport })
  const headers = new Headers()
    .add('max-forwards', '70')
    .add('from', `<${formatUri({ user: 'ping', host: fromDomain })}>;tag=${newTag(context.random)}`)
    .add('to', `<${uri}>`)
    .add('call-id', context.random.uuid())
    .add('cseq', '')
    .add('contact', context.contact(hop.transport, 'ping', hop.profile))
    .add('accept', 'application/sdp')
    .add('user-agent', context.userAgent)
  return { kind: 'request', method: 'OPTIONS', uri, headers, body: noBody }
}
