import { applicationId, type Calendar } from '@parley/core'
import type { DialRules, StoreConfiguration } from '@parley/store'
import type { House } from './engine-settings.ts'

type Dialing = House['dialing']

/** Holidays and working days of the file. */
export function calendarOf({ calendar }: Pick<Dialing, 'calendar'>): Calendar {
  return { holidays: new Set(calendar.holidays), workingDays: new Set(calendar.workingDays) }
}

/** The rules of the file for outgoing calls, by application. */
export function dialRulesOf({ calendar, outboundRules }: Dialing): DialRules {
  const rules = outboundRules.map(({ sdkAppId, minIntervalS, parts, timeZone = calendar.timeZone, ...limits }) => {
    const spaced = minIntervalS === undefined ? {} : { minIntervalMs: minIntervalS * 1_000 }
    const workingTime = parts ? { workingTime: { timeZone, parts } } : {}
    return [applicationId(sdkAppId), { ...limits, ...spaced, ...workingTime, timeZone }] as const
  })
  return { rules: new Map(rules), calendar: calendarOf({ calendar }) }
}

/** The do-not-call numbers of the file. */
export function doNotCallOf({ doNotCall }: Dialing): NonNullable<StoreConfiguration['doNotCall']> {
  return doNotCall.map(({ sdkAppId, numbers }) => ({
    numbers,
    ...(sdkAppId === undefined ? {} : { applicationId: applicationId(sdkAppId) }),
  }))
}
