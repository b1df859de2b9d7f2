import type { Clock, Random } from '@parley/core'
import type { TrunkProfile } from '../../trunk-profile.ts'
import type { Dialog } from '../dialog/dialog.ts'
import type { SipRequest } from '../message/sip-message.ts'
import type { TimerValues } from '../transaction/timer-values.ts'
import type { ServerTransaction } from '../transaction/transaction.ts'
import type { TransactionLayer } from '../transaction/transaction-layer.ts'
import type { TransportName } from '../transport/transport.ts'

/** Requests of one dialog go to its usage. */
export interface DialogUsage {
  readonly dialog: Dialog
  receive(transaction: ServerTransaction): void
  receiveAck(request: SipRequest): void
}

/** What calls and registrations share: the user agent they belong to. */
export interface AgentContext {
  readonly clock: Clock
  readonly random: Random
  readonly timers: TimerValues
  readonly layer: TransactionLayer
  readonly userAgent: string
  /** `<sip:user@advertised-host:port>` for that transport; `profile`: of the trunk, whose advertised address wins. */
  contact(transport: TransportName, user: string, profile?: TrunkProfile): string
  addDialog(usage: DialogUsage): void
  removeDialog(usage: DialogUsage): void
}

/** 64 random bits, for tags. */
export const newTag = (random: Random): string => Buffer.from(random.bytes(8)).toString('hex')
