import type { Random } from '@parley/core'
import { responseTo, type SipResponse, tagOf, toOf } from '../message/sip-message.ts'
import type { ServerTransaction } from '../transaction/transaction.ts'
import { newTag } from './agent-context.ts'
import { addCapabilities, phraseOf, refuseExtensions } from './capabilities.ts'

const retryAfterS = '30'

/** Answers requests that belong to no dialog and begin none. @see RFC 3261 section 8.2.6 */
export class OutOfDialogResponder {
  private readonly random: Random
  private readonly userAgent: string

  constructor(random: Random, userAgent: string) {
    this.random = random
    this.userAgent = userAgent
  }

  respond(transaction: ServerTransaction, status: number): void {
    transaction.respond(responseTo(transaction.request, status, phraseOf(status), newTag(this.random)))
  }

  /** A response outside a dialog bears a tag of ours. @see RFC 3261 section 8.2.6.2 */
  send(transaction: ServerTransaction, response: SipResponse): void {
    const { headers } = response
    if (!tagOf(toOf(response))) headers.set('to', `${headers.get('to')};tag=${newTag(this.random)}`)
    transaction.respond(response)
  }

  refuseBusy(transaction: ServerTransaction): void {
    const response = responseTo(transaction.request, 503, phraseOf(503), newTag(this.random))
    response.headers.add('retry-after', retryAfterS)
    transaction.respond(response)
  }

  /** @see RFC 3261 section 11.2 */
  tellCapabilities(transaction: ServerTransaction): void {
    const refusal = refuseExtensions(transaction.request)
    if (refusal) {
      transaction.respond(refusal)
      return
    }
    const response = addCapabilities(responseTo(transaction.request, 200, phraseOf(200), newTag(this.random)))
    response.headers.add('accept', 'application/sdp').add('server', this.userAgent)
    transaction.respond(response)
  }
}
