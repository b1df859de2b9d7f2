import type { Calendar, DialRefusal, OutboundRules } from '@parley/core'
import { windowAt } from '../window/window-at.ts'
import { instantsOf } from '../zone/instants-of.ts'
import { localDay } from '../zone/local-day.ts'

/** What is known of earlier calls of the application to a number. Instants are Unix ms. */
export interface DialFacts {
  readonly nowMs: number
  readonly isOnList: boolean
  /** Calls that were started since `dayStartMs`. */
  readonly callsToday: number
  readonly lastCallAtMs?: number
}

/** When the rules' day began, Unix ms. */
export function dayStartMs({ timeZone }: Pick<OutboundRules, 'timeZone'>, nowMs: number): number {
  return instantsOf(timeZone, localDay(timeZone, nowMs), 0).firstMs
}

/** Why a number may not be called now; undefined: it may. What holds longest is reported first. */
export function dialRefusal(
  rules: OutboundRules | undefined,
  { nowMs, isOnList, callsToday, lastCallAtMs }: DialFacts,
  calendar: Calendar,
): DialRefusal | undefined {
  if (isOnList) return { reason: 'doNotCall' }
  if (!rules) return undefined
  const { maxCallsPerCalleePerDay, minIntervalMs = 0, workingTime, timeZone } = rules
  const window = workingTime && windowAt(workingTime, calendar, nowMs)
  if (window && !window.isOpen) {
    return { reason: 'notWorkingTime', ...(window.nextMs === undefined ? {} : { retryAtMs: window.nextMs }) }
  }
  if (maxCallsPerCalleePerDay !== undefined && callsToday >= maxCallsPerCalleePerDay) {
    return { reason: 'tooManyToday', retryAtMs: instantsOf(timeZone, localDay(timeZone, nowMs) + 1, 0).firstMs }
  }
  const allowedAtMs = lastCallAtMs === undefined ? 0 : lastCallAtMs + minIntervalMs
  return nowMs < allowedAtMs ? { reason: 'tooSoon', retryAtMs: allowedAtMs } : undefined
}
