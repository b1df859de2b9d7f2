import { clockTimeS, isTimeZone } from '@parley/campaign'
import type { CallingWindow, DayRule } from '@parley/core'
import { z } from 'zod'

const zone = z.string('must be a text').refine(isTimeZone, 'must be an IANA time zone such as Asia/Shanghai')
const date = z
  .string('must be a text such as "2026-01-31"')
  .refine(
    (text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)),
    'must be a date such as "2026-01-31"',
  )
const sdkAppId = z.int('must be a whole number').positive('must be above 0')
const number = z.string('must be a text').regex(/[0-9A-Za-z]/, 'must be a number')

/** Days that are not what their day of the week says, and the zone of whoever names none. */
export const calendarSettings = z
  .strictObject({
    timeZone: zone.default('UTC'),
    holidays: z.array(date).default([]),
    workingDays: z.array(date).default([]),
  })
  .prefault({})

/** Numbers nobody may call; without `sdkAppId` they hold for every application. */
export const doNotCallSettings = z
  .array(z.strictObject({ sdkAppId: sdkAppId.exactOptional(), numbers: z.array(number).max(100_000) }))
  .default([])

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const
const time = z.string('must be a text such as "09:30"').transform((text, context) => {
  const seconds = clockTimeS(text)
  if (seconds !== undefined) return seconds
  context.addIssue({ code: 'custom', message: 'must look like "09:30"' })
  return z.NEVER
})
const days = z
  .union(
    [z.enum(['everyDay', 'businessDay', 'holiday']), z.array(z.enum(weekdays)).min(1)],
    'must be everyDay, businessDay, holiday, or a list of monday to sunday',
  )
  .default('everyDay')

/** What an application may do to one callee. */
export const outboundRuleSettings = z
  .array(
    z
      .strictObject({
        sdkAppId,
        maxCallsPerCalleePerDay: z.int().positive('must be above 0').exactOptional(),
        minIntervalS: z.int().positive('must be above 0').max(604_800).exactOptional(),
        timeZone: zone.exactOptional(),
        workingTime: z
          .array(z.strictObject({ days, from: time, to: time }))
          .min(1)
          .exactOptional(),
      })
      .transform(({ workingTime, ...rules }) => ({
        ...rules,
        ...(workingTime && {
          parts: workingTime.map(({ days, from, to }) => ({
            days: dayRule(days),
            ranges: [{ fromS: from, toS: to }],
          })) satisfies CallingWindow['parts'],
        }),
      })),
  )
  .default([])

function dayRule(named: z.output<typeof days>): DayRule {
  return typeof named === 'string'
    ? { kind: named }
    : { kind: 'custom', weekdays: named.map((name) => weekdays.indexOf(name)) }
}

interface Entry {
  readonly sdkAppId?: number
}

/** What one entry cannot tell by itself: its application is one of the file's, and has one set of rules. */
export function checkDialSettings(
  { doNotCall, outboundRules }: { readonly doNotCall: readonly Entry[]; readonly outboundRules: readonly Entry[] },
  isTenant: (sdkAppId: number) => boolean,
  report: (path: (string | number)[], message: string) => void,
): void {
  for (const [key, entries] of Object.entries({ doNotCall, outboundRules })) {
    for (const [index, { sdkAppId: id }] of entries.entries()) {
      if (id !== undefined && !isTenant(id)) report([key, index, 'sdkAppId'], 'must be one of applications')
    }
  }
  const ids = outboundRules.map(({ sdkAppId: id }) => id)
  const twice = ids.findIndex((id, index) => ids.indexOf(id) < index)
  if (twice >= 0) report(['outboundRules', twice, 'sdkAppId'], 'has rules already')
}
