import { dayMs } from './local-day.ts'
import { zoneOffsetMs } from './zone-offset.ts'

/** When clocks of a zone show a time. The same instant but where clocks are put back, and the time comes twice. */
export interface LocalInstants {
  /** Unix ms. */
  readonly firstMs: number
  readonly lastMs: number
}

/**
 * The instants of second `secondS` of a local day (days since 1970; seconds from 0 to beyond the day's end). A time that
 * clocks skip is the instant they are put forward at.
 */
export function instantsOf(timeZone: string, day: number, secondS: number): LocalInstants {
  const readingMs = day * dayMs + secondS * 1_000
  const before = zoneOffsetMs(timeZone, readingMs - dayMs)
  const after = zoneOffsetMs(timeZone, readingMs + dayMs)
  const instants = [readingMs - before, readingMs - after].filter(
    (atMs) => atMs + zoneOffsetMs(timeZone, atMs) === readingMs,
  )
  if (instants.length > 0) return { firstMs: Math.min(...instants), lastMs: Math.max(...instants) }
  const changeMs = changeBetween(timeZone, readingMs - dayMs, readingMs + dayMs, before)
  return { firstMs: changeMs, lastMs: changeMs }
}

/** First instant after `fromMs` at which the offset is not `before` any more. */
function changeBetween(timeZone: string, fromMs: number, toMs: number, before: number): number {
  let [low, high] = [fromMs, toMs]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (zoneOffsetMs(timeZone, middle) === before) low = middle
    else high = middle
  }
  return high
}
