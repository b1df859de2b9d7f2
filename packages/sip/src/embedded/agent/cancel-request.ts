import { Headers } from '../message/headers.ts'
import { cseqOf, noBody, type SipRequest } from '../message/sip-message.ts'

/** The CANCEL of an INVITE that was sent: same branch, route and tags. @see RFC 3261 section 9.1 */
export function cancelOf(invite: SipRequest): SipRequest {
  const headers = new Headers()
    .add('via', invite.headers.get('via') ?? '')
    .addAll('route', invite.headers.all('route'))
    .add('max-forwards', '70')
    .add('from', invite.headers.get('from') ?? '')
    .add('to', invite.headers.get('to') ?? '')
    .add('call-id', invite.headers.get('call-id') ?? '')
    .add('cseq', `${cseqOf(invite).number} CANCEL`)
  return { kind: 'request', method: 'CANCEL', uri: invite.uri, headers, body: noBody }
}
