import type { Clock } from '@parley/core'
import type { SessionTimerPolicy } from '../../sip-stack.ts'
import { responseTo, type SipMessage, type SipRequest, type SipResponse } from '../message/sip-message.ts'
import { TimerSet } from '../transaction/timer-set.ts'
import { phraseOf } from './capabilities.ts'

/** Shortest interval we accept, in seconds. @see RFC 4028 section 5 */
export const minimumSessionS = 90
/** Longest interval a peer can make us ask for: a day. Taste. */
const maximumSessionS = 86_400

/** Timers are agreed to when the peer wants them. */
export const defaultSessionTimer: SessionTimerPolicy = { mode: 'accept', expiresS: 1_800, minS: minimumSessionS }

export interface SessionExpires {
  readonly seconds: number
  readonly refresher?: 'uac' | 'uas'
}

export function sessionExpiresOf(message: SipMessage): SessionExpires | undefined {
  const match = /^(\d{1,7})\s*(;.*)?$/.exec(message.headers.get('session-expires') ?? '')
  if (!match) return undefined
  const refresher = /;\s*refresher\s*=\s*(uac|uas)\b/i.exec(match[2] ?? '')?.[1]?.toLowerCase()
  return { seconds: Number(match[1]), ...(refresher === 'uac' || refresher === 'uas' ? { refresher } : {}) }
}

/** 422 for an interval that would make the peer refresh too often. @see RFC 4028 section 9 */
export function refuseInterval(request: SipRequest, policy: SessionTimerPolicy): SipResponse | undefined {
  const asked = sessionExpiresOf(request)
  const minS = Math.max(policy.minS, minimumSessionS)
  // Only a caller who understands 422 can do anything about it.
  if (!asked || asked.seconds >= minS || policy.mode === 'off' || !request.headers.lists('supported', 'timer')) {
    return undefined
  }
  const response = responseTo(request, 422, phraseOf(422))
  response.headers.add('min-se', String(minS))
  return response
}

/** Session-Expires and Min-SE of a request that starts a timer, when the policy is to ask for one. */
export function askForSessionTimer(request: SipRequest, policy: SessionTimerPolicy): void {
  if (policy.mode !== 'request' && policy.mode !== 'require') return
  const minS = Math.max(policy.minS, minimumSessionS)
  request.headers.add('session-expires', String(Math.max(policy.expiresS, minS)))
  if (minS > minimumSessionS) request.headers.add('min-se', String(minS))
  if (policy.mode === 'require') request.headers.add('require', 'timer')
}

/**
 * The policy that serves a 422: longer intervals, and asked for by us from now on.
 * @returns undefined when the 422 asks for nothing new, or for more than a day
 * @see RFC 4028 section 7.3
 */
export function raisedPolicy(policy: SessionTimerPolicy, response: SipResponse): SessionTimerPolicy | undefined {
  const minS = minSeOf(response)
  if (policy.mode === 'off' || minS <= Math.max(policy.minS, minimumSessionS) || minS > maximumSessionS)
    return undefined
  if (policy.mode === 'accept') return { mode: 'request', minS, expiresS: minS }
  return { ...policy, minS, expiresS: Math.max(policy.expiresS, minS) }
}

/**
 * Writes the session timer into our 2xx. A caller that asks gets its interval, and refreshes unless it wants us to; one
 * that cannot refresh (the wish came from a proxy, or is ours) is refreshed by us.
 * @see RFC 4028 section 9, table 2
 */
export function acceptSessionTimer(request: SipRequest, response: SipResponse, policy: SessionTimerPolicy): void {
  if (policy.mode === 'off' && !request.headers.lists('require', 'timer')) return
  const asked = sessionExpiresOf(request)
  if (!asked && (policy.mode === 'accept' || policy.mode === 'off')) return
  const peerCan = request.headers.lists('supported', 'timer')
  const refresher = peerCan ? (asked?.refresher ?? 'uac') : 'uas'
  const seconds = asked ? Math.max(asked.seconds, minimumSessionS) : Math.max(policy.expiresS, minSeOf(request))
  response.headers.add('session-expires', `${seconds};refresher=${refresher}`)
  if (refresher === 'uac') response.headers.add('require', 'timer')
}

function minSeOf(message: SipMessage): number {
  const match = /^(\d{1,6})\b/.exec(message.headers.get('min-se') ?? '')
  return Math.max(Number(match?.[1] ?? 0), minimumSessionS)
}

/**
 * Watches the age of a session: refreshes it at half time when that is our part, ends it when the other side does
 * not do its part.
 * @see RFC 4028 section 10
 */
export class SessionTimer {
  private readonly timers: TimerSet<'refresh' | 'expire'>
  private readonly onRefresh: () => void
  private readonly onExpire: () => void

  constructor(clock: Clock, onRefresh: () => void, onExpire: () => void) {
    this.timers = new TimerSet(clock)
    this.onRefresh = onRefresh
    this.onExpire = onExpire
  }

  /** Called after each exchange that sets or refreshes the session. */
  restart(seconds: number, weRefresh: boolean): void {
    this.timers.clear()
    if (weRefresh) this.timers.set('refresh', (seconds * 1000) / 2, this.onRefresh)
    this.timers.set('expire', (seconds - Math.min(32, seconds / 3)) * 1000, this.onExpire)
  }

  stop(): void {
    this.timers.clear()
  }
}
