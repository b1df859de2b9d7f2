import { invalidValue } from '../answer/parameter-errors.ts'

/** A time range of a request: Unix seconds and the parameter names they came under. */
export interface TimeRange {
  readonly start: { readonly name: string; readonly seconds: number }
  readonly end: { readonly name: string; readonly seconds: number }
}

const dayS = 86_400
const maxAgeS = 180 * dayS
/** For clients that compute the earliest instant before they send it. */
const slackS = 300
const maxSpanS = 90 * dayS

/**
 * Documented limits of record queries: not before 180 days ago, not longer than 90 days.
 *
 * @throws ApiError InvalidParameterValue
 */
export function assertQueryable({ start, end }: TimeRange, wallMs: number): void {
  if (start.seconds < Math.floor(wallMs / 1000) - maxAgeS - slackS) {
    throw invalidValue(start.name, { en: 'must not be more than 180 days ago', zh: '不得早于 180 天前' })
  }
  if (end.seconds < start.seconds) {
    throw invalidValue(end.name, { en: `must not be before ${start.name}`, zh: `不得早于 ${start.name}` })
  }
  if (end.seconds - start.seconds > maxSpanS) {
    throw invalidValue(end.name, { en: `must be within 90 days of ${start.name}`, zh: '时间跨度不得超过 90 天' })
  }
}

/** Whether an instant (Unix ms) lies in the range, whose last second counts whole. */
export function rangeHolds({ start, end }: TimeRange, atMs: number): boolean {
  return atMs >= start.seconds * 1000 && atMs < (end.seconds + 1) * 1000
}
