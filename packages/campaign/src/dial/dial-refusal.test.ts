import type { Calendar } from '@parley/core'
import { expect, test } from 'vitest'
import { dayStartMs, dialRefusal } from './dial-refusal.ts'

const calendar: Calendar = { holidays: new Set(), workingDays: new Set() }
const nowMs = Date.parse('2026-03-02T03:00:00Z')
const facts = { nowMs, isOnList: false, callsToday: 0 }
const rules = { timeZone: 'Asia/Shanghai' }

test('a number on the list is never called, rules or none', () => {
  expect(dialRefusal(undefined, { ...facts, isOnList: true }, calendar)).toEqual({ reason: 'doNotCall' })
  expect(dialRefusal(undefined, facts, calendar)).toBeUndefined()
})

test('the day of the limit is that of the rules', () => {
  expect(dayStartMs(rules, nowMs)).toBe(Date.parse('2026-03-01T16:00:00Z'))
  const limited = { ...rules, maxCallsPerCalleePerDay: 2 }
  expect(dialRefusal(limited, { ...facts, callsToday: 1 }, calendar)).toBeUndefined()
  expect(dialRefusal(limited, { ...facts, callsToday: 2 }, calendar)).toEqual({
    reason: 'tooManyToday',
    retryAtMs: Date.parse('2026-03-02T16:00:00Z'),
  })
})

test('an interval has to pass since the last call', () => {
  const spaced = { ...rules, minIntervalMs: 60_000 }
  expect(dialRefusal(spaced, { ...facts, lastCallAtMs: nowMs - 59_999 }, calendar)).toEqual({
    reason: 'tooSoon',
    retryAtMs: nowMs + 1,
  })
  expect(dialRefusal(spaced, { ...facts, lastCallAtMs: nowMs - 60_000 }, calendar)).toBeUndefined()
})

test('outside working time the next working time is told', () => {
  const workingTime = {
    timeZone: 'UTC',
    parts: [{ days: { kind: 'everyDay' as const }, ranges: [{ fromS: 32_400, toS: 61_200 }] }],
  }
  expect(dialRefusal({ ...rules, workingTime }, facts, calendar)).toEqual({
    reason: 'notWorkingTime',
    retryAtMs: Date.parse('2026-03-02T09:00:00Z'),
  })
})
