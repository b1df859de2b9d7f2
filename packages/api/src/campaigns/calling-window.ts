import { clockTimeS } from '@parley/campaign'
import type { CallingWindow, DayRange, DayRule } from '@parley/core'
import { invalidValue } from '../answer/parameter-errors.ts'
import { type AutoCalloutTaskParameters, weekdayNumber } from './auto-callout-task-parameters.ts'

type Part = NonNullable<AutoCalloutTaskParameters['AvailableWorkTimeConfig']>[number]
type Range = Part['TimeRanges'][number]

/**
 * When callees may be called: `AvailableTime`, else `AvailableWorkTimeConfig`. Undefined: at any time.
 *
 * @throws ApiError InvalidParameterValue
 */
export function callingWindow(
  { TimeZone, AvailableTime = [], AvailableWorkTimeConfig = [] }: AutoCalloutTaskParameters,
  defaultZone: string,
): CallingWindow | undefined {
  const timeZone = TimeZone ?? defaultZone
  if (AvailableTime.length > 0) {
    return { timeZone, parts: [{ days: { kind: 'everyDay' }, ranges: rangesOf('AvailableTime', AvailableTime) }] }
  }
  if (AvailableWorkTimeConfig.length === 0) return undefined
  const parts = AvailableWorkTimeConfig.map((part, index) => ({
    days: dayRule(part, index),
    ranges: rangesOf(`AvailableWorkTimeConfig.${index}.TimeRanges`, part.TimeRanges),
  }))
  return { timeZone, parts }
}

function dayRule({ DayType = 'EveryDay', DaysOfWeek = [] }: Part, index: number): DayRule {
  if (DayType === 'BusinessDay') return { kind: 'businessDay' }
  if (DayType === 'Holiday') return { kind: 'holiday' }
  if (DayType !== 'Custom') return { kind: 'everyDay' }
  if (DaysOfWeek.length === 0) {
    throw invalidValue(`AvailableWorkTimeConfig.${index}.DaysOfWeek`, {
      en: 'must not be empty for the type Custom',
      zh: '在类型为 Custom 时不能为空',
    })
  }
  return { kind: 'custom', weekdays: DaysOfWeek.map(weekdayNumber) }
}

const rangesOf = (path: string, ranges: readonly Range[]): readonly DayRange[] =>
  ranges.map(({ StartTime, EndTime }, index) => ({
    fromS: secondOfDay(`${path}.${index}.StartTime`, StartTime),
    toS: secondOfDay(`${path}.${index}.EndTime`, EndTime),
  }))

function secondOfDay(path: string, text: string): number {
  const seconds = clockTimeS(text)
  if (seconds === undefined) throw invalidValue(path, { en: 'must look like 09:30:00', zh: '格式必须如 09:30:00' })
  return seconds
}
