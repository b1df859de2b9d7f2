import { type Clock, type InviteHandler, type LegId, type Logger, legId, type Random } from '@parley/core'
import { incomingSettingsOf } from './dialog-policy.ts'
import { InboundGuard } from './inbound-guard.ts'
import { refusalOf } from './inbound-refusal.ts'
import { variablesOf } from './inbound-variables.ts'
import type { MessageLog } from './ladder/message-log.ts'
import type { LegTable } from './leg-table.ts'
import { type PhoneBook, phoneTrunk } from './phones/phone-book.ts'
import type { IncomingSipCall } from './sip-stack.ts'
import type { TrunkBook } from './trunk-book.ts'
import type { TrunkConfig } from './trunk-config.ts'
import { credentialsOf } from './trunk-credentials.ts'
import { profileOf } from './trunk-profile.ts'

export interface InboundCallsOptions {
  readonly trunks: TrunkBook
  /** Telephones that register here. */
  readonly phones: PhoneBook
  readonly legs: LegTable
  readonly onInvite: InviteHandler
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly messages?: MessageLog
}

/** Incoming calls turned away since start. `declined`: by whoever was offered the call. */
export type RefusalCounts = Readonly<Record<'unknownNumber' | 'concurrency' | 'rate' | 'declined', number>>

/** Who may call in, and whether the one who is offered the call takes it. */
export class InboundCalls {
  private readonly options: InboundCallsOptions
  private readonly legs: LegTable
  private readonly guard: InboundGuard
  private readonly refused = { unknownNumber: 0, concurrency: 0, rate: 0, declined: 0 }

  constructor(options: InboundCallsOptions) {
    this.options = options
    this.legs = options.legs
    this.guard = new InboundGuard(options.clock)
  }

  get refusals(): RefusalCounts {
    return this.refused
  }

  take(call: IncomingSipCall): void {
    const { phone } = call
    const { phones } = this.options
    if (phone) {
      // Whose numbers there are is known to whoever answers.
      void this.offer(call, phoneTrunk(phone), call.calledUsers[0] ?? '', phones.take(phone))
      return
    }
    const match = this.options.trunks.match(call, call.calledUsers, call.account)
    if (match.kind === 'unknownNumber') {
      this.options.logger.info('call for an unknown number', { source: call.source, 'pii.called': call.calledUsers })
      this.refused.unknownNumber += 1
      const { status } = refusalOf(match.trunk ?? {}, 'unknownNumber')
      call.reject(status, '')
      return
    }
    const { trunk, number } = match
    const admission = this.guard.admit(trunk, number, call.source)
    if (admission.kind === 'refused') {
      this.refused[admission.reason] += 1
      const { status, retryAfterS } = refusalOf(trunk, admission.reason)
      this.options.logger.warn('call over a limit', { trunk: trunk.name, limit: admission.reason, source: call.source })
      call.reject(status, '', retryAfterS)
      return
    }
    void this.offer(call, trunk, number, admission.place)
  }

  private async offer(call: IncomingSipCall, trunk: TrunkConfig, number: string, place: Disposable): Promise<void> {
    const leg = legId(this.options.random.uuid())
    const abort = new AbortController()
    this.legs.add(leg, { call, place, isRead: false })
    this.options.messages?.bind(leg, call.sipCallId)
    call.listen(
      (event) => {
        if (event.type === 'trying') return
        if (this.legs.deliver(leg, event)) abort.abort(new Error('the caller gave up'))
      },
      credentialsOf(trunk),
      { ...incomingSettingsOf(trunk), profile: profileOf(trunk) },
    )
    call.ring()
    try {
      const { phone, sdp } = call
      // What a telephone writes into From is not what it has proven to be.
      const caller = phone?.user ?? call.caller
      const variables = variablesOf(call, trunk)
      const invite = {
        leg,
        trunk: trunk.name,
        caller,
        callee: number,
        ...(sdp === undefined ? {} : { sdp }),
        ...(variables && { variables }),
      }
      const decision = await this.options.onInvite(invite, abort.signal)
      if (decision.kind === 'answer') {
        call.answer(decision.sdp)
        return
      }
      if (!abort.signal.aborted) this.refused.declined += 1
      this.refuse(leg, call, decision.status, decision.reason)
    } catch (error) {
      // A handler that was told that the caller is gone may well throw.
      if (!abort.signal.aborted) this.options.logger.error('incoming call failed', { leg, error: String(error) })
      this.refuse(leg, call, 500, 'Server Internal Error')
    }
  }

  /** Ignored by a call that is over already. */
  private refuse(leg: LegId, call: IncomingSipCall, status: number, reason: string): void {
    call.reject(status, reason)
    this.legs.remove(leg)
  }
}
