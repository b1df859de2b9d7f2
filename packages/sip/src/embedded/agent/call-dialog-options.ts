import type { SessionTimerPolicy, SipCallListener } from '../../sip-stack.ts'
import type { DigestClient } from '../auth/digest-client.ts'
import type { Dialog } from '../dialog/dialog.ts'
import type { SipRequest } from '../message/sip-message.ts'
import type { ServerTransaction } from '../transaction/transaction.ts'
import type { TransportName } from '../transport/transport.ts'
import type { AgentContext } from './agent-context.ts'

/** What a `CallDialog` is made of, and what it asks of the call it belongs to. */
export interface CallDialogOptions {
  readonly context: AgentContext
  readonly dialog: Dialog
  readonly digest: DigestClient
  readonly transport: TransportName
  /** The peer called a `sips:` URI, so our Contact has to be one. @see RFC 3261 section 12.1.1 */
  readonly secure?: boolean
  /** User part of our Contact. */
  readonly contactUser: string
  /** The first INVITE was ours. */
  readonly ownsCallId: boolean
  readonly sessionTimer: SessionTimerPolicy
  readonly emit: SipCallListener
  /** The peer ended it (BYE, or nobody refreshed or acknowledged); events were emitted already. */
  readonly onEnded: () => void
  /** A PRACK came and has to be answered. Undefined: it matches nothing. */
  readonly onPrack?: (transaction: ServerTransaction) => void
  /** Ids of the peer's offers; shared by the forks of one call. */
  readonly nextReofferId: () => number
  /** What the first INVITE is still short of: its final response, the answer to its offer, the ACK of its 2xx. */
  readonly setUp: () => { readonly early: boolean; readonly offerPending: boolean; readonly ackPending: boolean }
  readonly onAck?: (request: SipRequest) => void
  /** `peerOfferOpen` has become false. */
  readonly onOfferClosed?: () => void
}
