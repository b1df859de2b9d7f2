import { cardinalEn, ordinalEn, yearEn } from './numbers-en.ts'
import { type Found, type SpeechRule, speechRule, withDot } from './verbalise.ts'

const months = 'January February March April May June July August September October November December'.split(' ')
const monthPattern = String.raw`(?<month>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?`
const dayPattern = String.raw`(?<day>[0-3]?\d)(?:st|nd|rd|th)?`
const yearPattern = String.raw`(?:,? (?<year>(?:1[5-9]|20)\d\d)(?![\d:%,]\d|[A-Za-z\d%]))?`
const weekdays: Readonly<Record<string, string>> = {
  Mon: 'Monday',
  Tue: 'Tuesday',
  Tues: 'Tuesday',
  Wed: 'Wednesday',
  Thu: 'Thursday',
  Thur: 'Thursday',
  Thurs: 'Thursday',
  Fri: 'Friday',
  Sat: 'Saturday',
  Sun: 'Sunday',
}
const weekday = Object.keys(weekdays)
  .sort((a, b) => b.length - a.length)
  .join('|')

/** Dates in figures are American (month first) unless the first number cannot be a month. */
export const dateRulesEn: readonly SpeechRule[] = [
  speechRule(/(?<year>\d{4})(?<mark>[-/.])(?<month>\d{1,2})\k<mark>(?<day>\d{1,2})(?:T(?=\d)|(?![-/\d]))/u, (found) => {
    const said = dateEn(found.part('year'), found.part('month'), found.part('day'))
    return said && `${said}${found.text.endsWith('T') ? ' at ' : ''}`
  }),
  speechRule(
    /(?<first>\d{1,2})(?<mark>[-/.])(?<second>\d{1,2})\k<mark>(?<year>\d{4}|\d{2})(?![-/.]?[A-Za-z\d])/u,
    ({ part }) => {
      const [first, second] = [part('first'), part('second')]
      const year = part('year').length === 2 ? `20${part('year')}` : part('year')
      // Two figures for the year are too little to tell a date from a version or a phone number.
      if (part('year').length === 2 && part('mark') !== '/') return undefined
      const dayFirst = Number(first) > 12 || part('mark') === '.'
      return dayFirst ? dateEn(year, second, first) : dateEn(year, first, second)
    },
  ),
  speechRule(/(?<month>1[0-2]|0?[1-9])\/(?<day>[0-3]?\d)(?![/\d])/u, ({ part, before }) =>
    /\b(?:on|by|until|till|before|after|since|due|from|date|dated|starting)[ :]$/iu.test(before)
      ? dateEn(undefined, part('month'), part('day'))
      : undefined,
  ),
  speechRule(
    String.raw`${monthPattern} ${dayPattern}(?: ?[-–] ?(?<last>[0-3]?\d)(?:st|nd|rd|th)?)?(?![\d:%]|[.,]\d|[A-Za-z])${yearPattern}`,
    (found) => {
      const { part } = found
      const last = part('last') === '' ? '' : ` to ${ordinalEn(part('last'))}`
      return isDay(part('day'))
        ? `${monthOf(part('month'))} ${ordinalEn(part('day'))}${last}${yearOf(found)}`
        : undefined
    },
  ),
  speechRule(
    String.raw`(?:(?<first>[0-3]?\d)(?:st|nd|rd|th)? ?[-–] ?)?${dayPattern}(?: of)? ${monthPattern}(?![A-Za-z])${yearPattern}`,
    (found) => {
      const { part, before, text } = found
      if (
        !isDay(part('day')) ||
        (part('month') === 'May' && /^\d+ May$/u.test(text) && !/\b(?:on|the|by|until|from|due|is) $/iu.test(before))
      ) {
        return undefined
      }
      const first = part('first') === '' ? '' : `${ordinalEn(part('first'))} to `
      const article = /\bthe $/iu.test(before) || /\d(?:st|nd|rd|th)/u.test(text) ? '' : 'the '
      return `${article}${first}${ordinalEn(part('day'))} of ${monthOf(part('month'))}${yearOf(found)}`
    },
  ),
  speechRule(/(?<month>Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)(?:\.|(?= \d{4}(?!\d)))(?![A-Za-z])/u, (found) =>
    withDot(monthOf(found.part('month')), found),
  ),
  speechRule(
    `(?<from>${weekday})[-–](?<to>${weekday})(?![A-Za-z])`,
    ({ part }) => `${weekdays[part('from')]} to ${weekdays[part('to')]}`,
  ),
  speechRule(/(?<day>Mon|Tues?|Wed|Thu(?:rs?)?|Fri)(?:\.|(?![A-Za-z\d]))/u, (found) =>
    withDot(weekdays[found.part('day')] ?? found.text, found),
  ),
  speechRule(/(?<year>(?:1[1-9]|20)\d0)s(?![A-Za-z\d])/u, ({ part }) => decade(yearEn(part('year')))),
  speechRule(/['’]?(?<year>[2-9]0)s(?![A-Za-z\d])/u, ({ part, text, before }) =>
    /^\d/u.test(text) && !/\b(?:the|his|her|their|my|your|early|mid|late)[ -]$/iu.test(before)
      ? undefined
      : decade(cardinalEn(part('year'))),
  ),
]

/** Undefined: there is no such day. `year` undefined: not written. */
function dateEn(year: string | undefined, month: string, day: string): string | undefined {
  const name = months[Number(month) - 1]
  if (name === undefined || !isDay(day)) return undefined
  return `${name} ${ordinalEn(day)}${year === undefined ? '' : `, ${yearEn(year)}`}`
}

const isDay = (day: string): boolean => Number(day) >= 1 && Number(day) <= 31

const monthOf = (written: string): string => months.find((month) => month.startsWith(written.slice(0, 3))) ?? written

const yearOf = ({ part }: Found): string => (part('year') === '' ? '' : `, ${yearEn(part('year'))}`)

const decade = (words: string): string => (words.endsWith('y') ? `${words.slice(0, -1)}ies` : `${words}s`)
