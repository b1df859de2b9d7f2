import type { Calendar, CallingWindow, DayRange, DayRule } from '@parley/core'
import { SeededRandom } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { zoneOffsetMs } from '../zone/zone-offset.ts'
import { clockTimeS } from './clock-time.ts'
import { windowAt } from './window-at.ts'

const plain: Calendar = { holidays: new Set(), workingDays: new Set() }
const at = (text: string) => Date.parse(text)
const range = (from: string, to: string): DayRange => ({ fromS: clockTimeS(from) ?? 0, toS: clockTimeS(to) ?? 0 })
const window = (timeZone: string, days: DayRule, ...ranges: readonly DayRange[]): CallingWindow => ({
  timeZone,
  parts: [{ days, ranges }],
})
const daily = (timeZone: string, from: string, to: string) => window(timeZone, { kind: 'everyDay' }, range(from, to))

describe('a calling window', () => {
  test('is open by the clocks of its zone, from its first instant to just before its last', () => {
    const shanghai = daily('Asia/Shanghai', '09:00', '18:00')
    expect(windowAt(shanghai, plain, at('2026-03-02T00:59:59.999Z'))).toEqual({
      isOpen: false,
      nextMs: at('2026-03-02T01:00:00Z'),
    })
    expect(windowAt(shanghai, plain, at('2026-03-02T01:00:00Z'))).toEqual({
      isOpen: true,
      untilMs: at('2026-03-02T10:00:00Z'),
    })
    expect(windowAt(shanghai, plain, at('2026-03-02T10:00:00Z'))).toEqual({
      isOpen: false,
      nextMs: at('2026-03-03T01:00:00Z'),
    })
  })

  test('that crosses midnight belongs to the day it begins on', () => {
    const fridayNight = window('UTC', { kind: 'custom', weekdays: [5] }, range('22:00', '02:00'))
    // 2026-03-06 is a Friday.
    expect(windowAt(fridayNight, plain, at('2026-03-07T01:00:00Z'))).toEqual({
      isOpen: true,
      untilMs: at('2026-03-07T02:00:00Z'),
    })
    expect(windowAt(fridayNight, plain, at('2026-03-06T01:00:00Z'))).toEqual({
      isOpen: false,
      nextMs: at('2026-03-06T22:00:00Z'),
    })
  })

  test('knows business days, holidays and weekends that are worked on', () => {
    const calendar = { holidays: new Set(['2026-02-17']), workingDays: new Set(['2026-02-15']) }
    const business = window('Asia/Shanghai', { kind: 'businessDay' }, range('09:00', '18:00'))
    const holiday = window('Asia/Shanghai', { kind: 'holiday' }, range('09:00', '18:00'))
    const noon = (date: string) => at(`${date}T04:00:00Z`)
    // A Sunday that is worked on, a Monday, a holiday on a Tuesday, a Saturday.
    expect(
      ['2026-02-15', '2026-02-16', '2026-02-17', '2026-02-21'].map(
        (date) => windowAt(business, calendar, noon(date)).isOpen,
      ),
    ).toEqual([true, true, false, false])
    expect(
      ['2026-02-16', '2026-02-17', '2026-02-21'].map((date) => windowAt(holiday, calendar, noon(date)).isOpen),
    ).toEqual([false, true, false])
    expect(windowAt(holiday, plain, noon('2026-02-17'))).toEqual({ isOpen: false })
  })

  test('keeps to the clock where clocks are put forward', () => {
    // Berlin, 2026-03-29: 02:00 becomes 03:00.
    expect(windowAt(daily('Europe/Berlin', '01:00', '04:00'), plain, at('2026-03-29T00:00:00Z'))).toEqual({
      isOpen: true,
      untilMs: at('2026-03-29T02:00:00Z'),
    })
    // The whole window is skipped that night.
    expect(windowAt(daily('Europe/Berlin', '02:00', '03:00'), plain, at('2026-03-29T00:30:00Z'))).toEqual({
      isOpen: false,
      nextMs: at('2026-03-30T00:00:00Z'),
    })
    expect(windowAt(daily('Europe/Berlin', '02:30', '05:00'), plain, at('2026-03-29T00:59:00Z'))).toEqual({
      isOpen: false,
      nextMs: at('2026-03-29T01:00:00Z'),
    })
  })

  test('keeps to the clock where clocks are put back', () => {
    // Berlin, 2026-10-25: 03:00 becomes 02:00; 02:30 comes at 00:30 and at 01:30 UTC.
    expect(windowAt(daily('Europe/Berlin', '01:00', '02:30'), plain, at('2026-10-24T23:00:00Z'))).toEqual({
      isOpen: true,
      untilMs: at('2026-10-25T00:30:00Z'),
    })
    expect(windowAt(daily('Europe/Berlin', '02:30', '05:00'), plain, at('2026-10-25T00:31:00Z'))).toEqual({
      isOpen: false,
      nextMs: at('2026-10-25T01:30:00Z'),
    })
    expect(windowAt(daily('Europe/Berlin', '02:00', '02:30'), plain, at('2026-10-25T00:00:00Z'))).toEqual({
      isOpen: true,
      untilMs: at('2026-10-25T00:30:00Z'),
    })
  })

  test('of equal times lasts a day, and `24:00` is the end of one', () => {
    expect(windowAt(daily('UTC', '00:00', '24:00'), plain, at('2026-01-01T23:59:59Z'))).toMatchObject({ isOpen: true })
    expect(windowAt(daily('UTC', '08:00', '08:00'), plain, at('2026-01-01T07:59:59Z'))).toEqual({
      isOpen: true,
      untilMs: at('2026-01-01T08:00:00Z'),
    })
  })
})

const zones = [
  'UTC',
  'Asia/Shanghai',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'America/St_Johns',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'America/Santiago',
]

describe('any window at any time', () => {
  test('is only open while the clocks of its zone show a time in it, and opens when it says', () => {
    const random = new SeededRandom(7)
    for (let run = 0; run < 1_500; run += 1) {
      const timeZone = random.pick(zones)
      const ranges = Array.from({ length: random.between(1, 3) }, () => ({
        fromS: random.between(0, 95) * 900,
        toS: random.between(0, 96) * 900,
      }))
      const rule = random.pick<DayRule>([
        { kind: 'everyDay' },
        { kind: 'custom', weekdays: [random.between(0, 6), random.between(0, 6)] },
      ])
      const asked = window(timeZone, rule, ...ranges)
      const atMs = at('2026-01-01T00:00:00Z') + random.between(0, 365 * 1_440) * 60_000
      const found = windowAt(asked, plain, atMs)
      const story = JSON.stringify({ asked, atMs })
      expect(found.isOpen && !readsWithin(asked, atMs), story).toBe(false)
      if (found.isOpen) {
        expect(found.untilMs, story).toBeGreaterThan(atMs)
        expect(windowAt(asked, plain, found.untilMs - 1).isOpen, story).toBe(true)
        continue
      }
      const { nextMs = 0 } = found
      expect(nextMs, story).toBeGreaterThan(atMs)
      expect(windowAt(asked, plain, nextMs).isOpen, story).toBe(true)
      expect(windowAt(asked, plain, nextMs - 1).isOpen, story).toBe(false)
      const between = atMs + Math.floor((nextMs - atMs) * random.next())
      expect(windowAt(asked, plain, between).isOpen, story).toBe(false)
    }
  })
})

/** What a clock on the wall and a calendar say. */
function readsWithin({ timeZone, parts }: CallingWindow, atMs: number): boolean {
  const local = new Date(atMs + zoneOffsetMs(timeZone, atMs))
  const secondS = local.getUTCHours() * 3_600 + local.getUTCMinutes() * 60 + local.getUTCSeconds()
  const weekday = local.getUTCDay()
  const isDay = (rule: DayRule, day: number) => rule.kind !== 'custom' || rule.weekdays.includes(day)
  return parts.some(({ days, ranges }) =>
    ranges.some(({ fromS, toS }) => {
      if (fromS < toS) return isDay(days, weekday) && secondS >= fromS && secondS < toS
      return (isDay(days, weekday) && secondS >= fromS) || (isDay(days, (weekday + 6) % 7) && secondS < toS)
    }),
  )
}
