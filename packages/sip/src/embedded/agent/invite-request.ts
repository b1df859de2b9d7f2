import type { OutgoingInvite, SessionTimerPolicy } from '../../sip-stack.ts'
import { Headers } from '../message/headers.ts'
import { noBody, type SipRequest, withSdp } from '../message/sip-message.ts'
import type { AgentContext } from './agent-context.ts'
import { addCapabilities, extensionsWith } from './capabilities.ts'
import type { InviteTarget } from './redirect-targets.ts'
import { askForSessionTimer } from './session-timer.ts'

/** What changes between the attempts of one call, or is chosen by the stack. */
export interface InviteFields {
  readonly target: InviteTarget
  readonly callId: string
  readonly fromTag: string
  readonly seq: number
  readonly sessionTimer: SessionTimerPolicy
}

/** The first INVITE of a call. @see RFC 3261 section 13.2.1 */
export function inviteOf(
  context: Pick<AgentContext, 'contact' | 'userAgent'>,
  invite: OutgoingInvite,
  fields: InviteFields,
): SipRequest {
  const { target, sessionTimer } = fields
  const headers = new Headers()
    .add('max-forwards', '70')
    .add('from', `${invite.from};tag=${fields.fromTag}`)
    .add('to', invite.to)
    .add('call-id', fields.callId)
    .add('cseq', `${fields.seq} INVITE`)
    .add('contact', context.contact(target.hop.transport, invite.contactUser, target.hop.profile))
    .add('user-agent', context.userAgent)
  for (const [name, value] of invite.headers) headers.add(name.toLowerCase(), value)
  const request: SipRequest = { kind: 'request', method: 'INVITE', uri: target.uri, headers, body: noBody }
  askForSessionTimer(request, sessionTimer)
  if (invite.reliable === 'required') headers.add('require', '100rel')
  const extensions = extensionsWith(sessionTimer.mode !== 'off', invite.reliable !== 'off')
  return withSdp(addCapabilities(request, extensions), invite.sdp)
}
