import type { RegisterOrder, RegistrationLine } from '../embedded/agent/registration.ts'
import { formatUri } from '../embedded/message/sip-uri.ts'
import { peerAddress } from '../embedded/transport/transport.ts'
import type { SipHop } from '../sip-stack.ts'
import type { DrachtioContext } from './drachtio-context.ts'
import { contactFor } from './drachtio-dialog.ts'
import type { DrachtioLink } from './drachtio-link.ts'
import { sendRequest } from './send-request.ts'

/** REGISTERs over whichever server is connected; the binding is that server's address. */
export class ServerLine implements RegistrationLine {
  private readonly context: DrachtioContext
  private readonly chooseLink: () => DrachtioLink | undefined

  constructor(context: DrachtioContext, chooseLink: () => DrachtioLink | undefined) {
    this.context = context
    this.chooseLink = chooseLink
  }

  contact(_hop: SipHop, account: string): string {
    return contactFor(account)
  }

  send({ hop, attempt, create, onFinal, onFailure }: RegisterOrder): void {
    const link = this.chooseLink()
    if (!link) {
      onFailure('no drachtio-server', 'nobody')
      return
    }
    const { host, port, transport } = hop
    sendRequest(this.context, {
      link,
      attempt,
      proxy: formatUri({ host, port, transport }),
      peer: peerAddress(hop),
      create,
      onResponse: ({ response }) => {
        if (response.status >= 200) onFinal(response)
      },
      onError: (error) => onFailure(error.message, 'nobody'),
    })
  }
}
