import { zoneOffsetMs } from './zone-offset.ts'

export const dayMs = 86_400_000

/** The zone's date at an instant, as days since 1970-01-01. */
export const localDay = (timeZone: string, atMs: number): number =>
  Math.floor((atMs + zoneOffsetMs(timeZone, atMs)) / dayMs)

/** 0 is Sunday. 1970-01-01 was a Thursday. */
export const weekdayOf = (day: number): number => (((day + 4) % 7) + 7) % 7

/** `2026-01-31` */
export const dateText = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10)
