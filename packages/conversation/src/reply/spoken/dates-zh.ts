import { cardinalZh, digitsZh } from './numbers-zh.ts'
import { type SpeechRule, speechRule } from './verbalise.ts'

const monthNames = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')
const monthPattern = String.raw`(?<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(?:[a-z]{0,6})\.?`
const to = '(?:[-–—~～至到])'

/** Dates in figures, American when the year comes last and the first number can be a month; times by the clock. */
export const dateRulesZh: readonly SpeechRule[] = [
  speechRule(
    /(?<year>\d{4})(?<mark>[-/.])(?<month>\d{1,2})\k<mark>(?<day>\d{1,2})(?:T(?=\d)|(?![-/\d]))/u,
    ({ part }) => dateZh(part('year'), part('month'), part('day')),
  ),
  speechRule(
    /(?<first>\d{1,2})(?<mark>[-/.])(?<second>\d{1,2})\k<mark>(?<year>\d{4})(?![-/.]?[A-Za-z\d])/u,
    ({ part }) =>
      Number(part('first')) > 12
        ? dateZh(part('year'), part('second'), part('first'))
        : dateZh(part('year'), part('first'), part('second')),
  ),
  speechRule(
    `(?<year>(?:1[5-9]|20)\\d\\d)${to}(?<end>(?:1[5-9]|20)\\d\\d)(?= ?年|(?!\\d))`,
    ({ part }) => `${digitsZh(part('year'))}到${digitsZh(part('end'))}`,
  ),
  speechRule(
    /(?<month>\d{1,2}) ?月 ?(?<day>\d{1,2})(?: ?[-–—~～至到] ?(?<last>\d{1,2}))? ?(?<name>[日号])/u,
    ({ part }) => {
      const last = part('last') === '' ? '' : `到${cardinalZh(part('last'))}`
      return `${cardinalZh(part('month'))}月${cardinalZh(part('day'))}${last}${part('name')}`
    },
  ),
  speechRule(`(?<day>\\d{1,2}) ${monthPattern},? (?<year>\\d{4})(?!\\d)`, ({ part }) =>
    dateZh(part('year'), monthOf(part('month')), part('day')),
  ),
  speechRule(`${monthPattern} (?<day>\\d{1,2}),? (?<year>\\d{4})(?!\\d)`, ({ part }) =>
    dateZh(part('year'), monthOf(part('month')), part('day')),
  ),
  speechRule(
    /(?<from>\d{1,2}[:：][0-5]\d(?:[:：][0-5]\d)?) ?[-–—~～至到] ?(?<to>\d{1,2}[:：][0-5]\d(?:[:：][0-5]\d)?)(?!\d)/u,
    ({ part }) => {
      const [from, to] = [timeZh(part('from')), timeZh(part('to'))]
      return from && to && `${from}到${to}`
    },
  ),
  speechRule(
    /(?<time>\d{1,2}[:：][0-5]\d(?:[:：][0-5]\d)?|\d{1,2}(?= ?[AaPp]\.?[Mm]))(?![\d:：])(?: ?(?<half>[AaPp])\.?[Mm](?![A-Za-z])\.?)?/u,
    ({ part, before }) => {
      if (/(?:比分|比|配比|比例|赔率)[为是:： ]?$/u.test(before)) return undefined
      const said = timeZh(part('time'))
      const half = part('half').toLowerCase()
      return said && `${half === 'a' ? '上午' : half === 'p' ? '下午' : ''}${said}`
    },
  ),
]

/** Undefined: there is no such day. */
function dateZh(year: string, month: string, day: string): string | undefined {
  if (Number(month) < 1 || Number(month) > 12 || Number(day) < 1 || Number(day) > 31) return undefined
  return `${digitsZh(year)}年${cardinalZh(month)}月${cardinalZh(day)}日`
}

/** "9:05" -> "九点零五分"; undefined: no such time. */
function timeZh(written: string): string | undefined {
  const [hours = '', minutes = '00', seconds] = written.split(/[:：]/u)
  if (Number(hours) > 24) return undefined
  const hour = `${Number(hours) === 2 ? '两' : cardinalZh(hours)}点`
  const part = (digits: string, name: string) => `${digits.startsWith('0') ? '零' : ''}${cardinalZh(digits)}${name}`
  if (seconds !== undefined) return `${hour}${part(minutes, '分')}${part(seconds, '秒')}`
  return minutes === '00' ? hour : `${hour}${part(minutes, '分')}`
}

const monthOf = (name: string): string => String(monthNames.indexOf(name) + 1)
