import type { Clock } from '@parley/core'
import type { SessionTimerPolicy } from '../../sip-stack.ts'
import type { SipRequest, SipResponse } from '../message/sip-message.ts'
import {
  acceptSessionTimer,
  askForSessionTimer,
  minimumSessionS,
  raisedPolicy,
  refuseInterval,
  SessionTimer,
  sessionExpiresOf,
} from './session-timer.ts'

/**
 * The session timer of one dialog: what is asked, what was agreed and whose part the refresh is.
 * @see RFC 4028
 */
export class SessionKeeper {
  policy: SessionTimerPolicy
  private readonly timer: SessionTimer
  private agreement: { readonly seconds: number; readonly weRefresh: boolean } | undefined

  constructor(clock: Clock, policy: SessionTimerPolicy, onRefresh: () => void, onExpire: () => void) {
    this.policy = policy
    this.timer = new SessionTimer(clock, onRefresh, onExpire)
  }

  /** 422 for an offer of the peer with too short an interval. */
  refuse(request: SipRequest): SipResponse | undefined {
    return refuseInterval(request, this.policy)
  }

  /** Adds what our re-INVITE or UPDATE says: the agreement goes on with the same refresher. */
  ask(request: SipRequest): void {
    if (this.agreement === undefined) {
      askForSessionTimer(request, this.policy)
      return
    }
    const { seconds, weRefresh } = this.agreement
    const lasting = Math.max(seconds, this.policy.minS)
    request.headers.add('session-expires', `${lasting};refresher=${weRefresh ? 'uac' : 'uas'}`)
    if (this.policy.minS > minimumSessionS) request.headers.add('min-se', String(this.policy.minS))
  }

  /** A 422 to our request. False: it asks for nothing that can be given. */
  raise(response: SipResponse): boolean {
    const raised = raisedPolicy(this.policy, response)
    if (raised) this.policy = raised
    return raised !== undefined
  }

  /** Writes the agreement into our 2xx and starts it. */
  accept(request: SipRequest, response: SipResponse): void {
    acceptSessionTimer(request, response, this.policy)
    this.agreed(response, 'uas')
  }

  /**
   * Starts what a 2xx says. `role`: ours in that exchange. A peer that names no refresher leaves it to the one who asked.
   */
  agreed(response: SipResponse, role: 'uac' | 'uas'): void {
    const agreed = this.policy.mode === 'off' && role === 'uac' ? undefined : sessionExpiresOf(response)
    if (!agreed || agreed.seconds < minimumSessionS) {
      this.agreement = undefined
      this.timer.stop()
      return
    }
    const weRefresh = (agreed.refresher ?? 'uac') === role
    this.agreement = { seconds: agreed.seconds, weRefresh }
    this.timer.restart(agreed.seconds, weRefresh)
  }

  stop(): void {
    this.timer.stop()
  }
}
