import type { DigestClient } from '../auth/digest-client.ts'
import type { Dialog } from '../dialog/dialog.ts'
import { cseqOf, type SipRequest, type SipResponse } from '../message/sip-message.ts'
import type { ClientTransaction } from '../transaction/transaction.ts'
import type { AgentContext } from './agent-context.ts'

/** `undefined`: timeout or transport failure, which count as 408. @see RFC 3261 section 12.2.1.2 */
type FinalListener = (response: SipResponse | undefined, request: SipRequest) => void

export interface DialogRequestOptions {
  readonly method: string
  /** Adds headers and body; called again for each attempt. */
  readonly decorate?: (request: SipRequest) => SipRequest
  /** A 1xx came: from now on the request may be cancelled. */
  readonly onProvisional?: (transaction: ClientTransaction) => void
  /** Called again for each repeat of a 2xx to an INVITE. */
  readonly onFinal?: FinalListener
}

/** Sends a request inside a dialog, again with credentials when it is challenged. */
export function sendInDialog(
  context: AgentContext,
  dialog: Dialog,
  digest: DigestClient,
  options: DialogRequestOptions,
): void {
  const attempt = digest.attempt()
  const send = (): void => {
    const plain = dialog.createRequest(options.method)
    plain.headers.add('user-agent', context.userAgent)
    const request = options.decorate?.(plain) ?? plain
    attempt.authorize(request)
    const finish = (response?: SipResponse) => options.onFinal?.(response, request)
    const transaction = context.layer.request(request, dialog.nextHop(), {
      onResponse(response) {
        if (response.status < 200) {
          options.onProvisional?.(transaction)
          return
        }
        const challenged = response.status === 401 || response.status === 407
        if (challenged && attempt.challenge(response)) send()
        else {
          attempt.accepted(response)
          finish(response)
        }
      },
      onTimeout: finish,
      onTransportError: () => finish(),
    })
  }
  send()
}

/** The ACK of a 2xx, with the credentials of its INVITE. @see RFC 3261 sections 13.2.2.4 and 22.1 */
export function ackOf(dialog: Dialog, invite: SipRequest): SipRequest {
  const ack = dialog.createAck(cseqOf(invite).number)
  for (const name of ['authorization', 'proxy-authorization']) ack.headers.addAll(name, invite.headers.all(name))
  return ack
}
