import type { Clock } from '@parley/core'
import { responseTo, type SipMessage, type SipRequest, type SipResponse } from '../message/sip-message.ts'
import { TimerSet } from '../transaction/timer-set.ts'
import { phraseOf } from './capabilities.ts'

/** Shortest interval we accept, in seconds. @see RFC 4028 section 5 */
export const minimumSessionS = 90

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

/** 422 for an interval that would make the peer refresh too often. */
export function refuseInterval(request: SipRequest): SipResponse | undefined {
  const asked = sessionExpiresOf(request)
  if (!asked || asked.seconds >= minimumSessionS) return undefined
  const response = responseTo(request, 422, phraseOf(422))
  response.headers.add('min-se', String(minimumSessionS))
  return response
}

/** `Min-SE` of a 422, bounded. */
export function minSeOf(response: SipResponse): number | undefined {
  const match = /^(\d{1,6})\b/.exec(response.headers.get('min-se') ?? '')
  return match ? Number(match[1]) : undefined
}

/**
 * What we say in the 2xx to a request that asks for a session timer: its interval, refreshed by the asker unless it
 * wants us to. Without a wish of the peer there is no timer.
 * @see RFC 4028 section 9
 */
export function acceptSessionTimer(request: SipRequest, response: SipResponse): SessionExpires | undefined {
  const asked = sessionExpiresOf(request)
  if (!asked || !request.headers.lists('supported', 'timer')) return undefined
  const refresher = asked.refresher ?? 'uac'
  response.headers.add('session-expires', `${asked.seconds};refresher=${refresher}`)
  if (refresher === 'uac') response.headers.add('require', 'timer')
  return { seconds: asked.seconds, refresher }
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
