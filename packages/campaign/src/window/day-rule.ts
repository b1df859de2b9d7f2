import type { Calendar, DayRule } from '@parley/core'
import { dateText, weekdayOf } from '../zone/local-day.ts'

/** Whether a local day (days since 1970) is one of the rule's. Business days are Monday to Friday unless the calendar says else. */
export function dayMatches(rule: DayRule, day: number, { holidays, workingDays }: Calendar): boolean {
  switch (rule.kind) {
    case 'everyDay':
      return true
    case 'businessDay': {
      const isWeekend = [0, 6].includes(weekdayOf(day))
      return isWeekend ? workingDays.has(dateText(day)) : !holidays.has(dateText(day))
    }
    case 'holiday':
      return holidays.has(dateText(day))
    case 'custom':
      return rule.weekdays.includes(weekdayOf(day))
    default:
      return rule satisfies never
  }
}
