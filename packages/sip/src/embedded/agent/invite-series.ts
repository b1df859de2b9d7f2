import type { Random } from '@parley/core'
import type { OutgoingInvite, SessionTimerPolicy } from '../../sip-stack.ts'
import type { DigestAttempt, DigestClient } from '../auth/digest-client.ts'
import type { SipRequest, SipResponse } from '../message/sip-message.ts'
import { type AgentContext, newTag } from './agent-context.ts'
import { inviteOf } from './invite-request.ts'
import { type InviteTarget, RedirectTargets } from './redirect-targets.ts'
import { defaultSessionTimer, raisedPolicy } from './session-timer.ts'

/** Taste: proxies on the way may each want a longer session interval. */
const maxRaises = 3

/** The INVITEs of one call of ours, one after the other: to whom the next goes, and what it asks for. Sends nothing itself. */
export class InviteSeries {
  readonly callId: string
  /** Credentials shown to the present target. */
  attempt: DigestAttempt
  sessionTimer: SessionTimerPolicy
  target: InviteTarget
  private readonly invite: OutgoingInvite
  private readonly digest: DigestClient
  private readonly targets: RedirectTargets | undefined
  private readonly fromTag: string
  private seq = 0
  private raises = 0

  constructor(invite: OutgoingInvite, digest: DigestClient, random: Random) {
    this.invite = invite
    this.digest = digest
    this.attempt = digest.attempt()
    this.target = { uri: invite.requestUri, hop: invite.hop }
    this.targets = invite.redirects ? new RedirectTargets(invite.redirects, this.target) : undefined
    this.sessionTimer = invite.sessionTimer ?? defaultSessionTimer
    this.callId = random.uuid()
    this.fromTag = newTag(random)
  }

  /** The next INVITE, without credentials. */
  next(context: Pick<AgentContext, 'contact' | 'userAgent'>): SipRequest {
    this.seq += 1
    const { target, callId, fromTag, seq, sessionTimer } = this
    return inviteOf(context, this.invite, { target, callId, fromTag, seq, sessionTimer })
  }

  /** True: a refusal that a further INVITE may get over, which is to be sent now. Challenges are not its business. */
  goesOnAfter(refusal: SipResponse): boolean {
    const raised = refusal.status === 422 ? raisedPolicy(this.sessionTimer, refusal) : undefined
    if (raised && this.raises < maxRaises) {
      this.raises += 1
      this.sessionTimer = raised
      return true
    }
    if (refusal.status >= 600) return false
    this.targets?.take(refusal)
    return this.redirect()
  }

  /** True: a redirection has named a further target, to which an INVITE is to be sent now. */
  redirect(): boolean {
    const next = this.targets?.next()
    if (!next) return false
    this.target = next
    // What the last target asked for is nothing to show to this one.
    this.attempt = this.digest.attempt()
    return true
  }
}
