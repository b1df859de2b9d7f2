import type { Calendar, CallingWindow, DayRange } from '@parley/core'
import { instantsOf } from '../zone/instants-of.ts'
import { localDay } from '../zone/local-day.ts'
import { dayMatches } from './day-rule.ts'

/** Instants are Unix ms. `nextMs` undefined: it does not open within 400 days. */
export type WindowState =
  | { readonly isOpen: true; readonly untilMs: number }
  | { readonly isOpen: false; readonly nextMs?: number }

/** A year with a day of the week and a leap day to spare. */
const searchDays = 400
const daySeconds = 86_400

interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/**
 * Whether calls may be made at an instant. Where clocks are changed, a window is open only while the zone's clocks show a
 * time in it; one that lies in the hour that comes twice is open the first time.
 */
export function windowAt(window: CallingWindow, calendar: Calendar, atMs: number): WindowState {
  const today = localDay(window.timeZone, atMs)
  // Yesterday's may last beyond midnight.
  for (let day = today - 1; day <= today + searchDays; day += 1) {
    const spans = spansOf(window, calendar, day).filter(({ toMs }) => toMs > atMs)
    const open = spans.filter(({ fromMs }) => fromMs <= atMs)
    if (open.length > 0) return { isOpen: true, untilMs: Math.max(...open.map(({ toMs }) => toMs)) }
    // A span of the next day can begin no earlier, but one that began today may be listed under today only.
    if (day < today || spans.length === 0) continue
    return { isOpen: false, nextMs: Math.min(...spans.map(({ fromMs }) => fromMs)) }
  }
  return { isOpen: false }
}

function spansOf({ timeZone, parts }: CallingWindow, calendar: Calendar, day: number): readonly Span[] {
  return parts
    .filter(({ days }) => dayMatches(days, day, calendar))
    .flatMap(({ ranges }) => ranges.map((range) => spanOf(timeZone, day, range)))
    .filter(({ fromMs, toMs }) => fromMs < toMs)
}

function spanOf(timeZone: string, day: number, { fromS, toS }: DayRange): Span {
  const from = instantsOf(timeZone, day, fromS)
  const to = instantsOf(timeZone, day, toS > fromS ? toS : toS + daySeconds)
  // The narrower reading, so that nobody is called while his clock shows another time.
  return from.lastMs < to.firstMs
    ? { fromMs: from.lastMs, toMs: to.firstMs }
    : { fromMs: from.firstMs, toMs: to.firstMs }
}
