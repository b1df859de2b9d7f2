import { currencyCodes } from './spoken/currencies.ts'
import { unitSymbols } from './spoken/units.ts'

const months = 'Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec'.split(' ')
const fullMonths = 'January February March April May June July August September October November December'.split(' ')
const numbered = new Set([...months, 'No', 'no', 'Nos', 'Fig', 'fig', 'Vol', 'vol', 'Ch', 'ch', 'pp', 'Sec', 'Art'])
const monthPattern = [...fullMonths, ...months].join('|')

/** Words that change how the number before them is said, in lower case. */
const followers = [
  ...'thousand million billion trillion bn mn k m b am pm a.m. p.m. a.m p.m x of'.split(' '),
  ...[...months, ...fullMonths, ...currencyCodes, ...unitSymbols].map((word) => word.toLowerCase()),
]
const followerSet = new Set(followers)
const followsNumber =
  /^(?:[\d(+$€£¥￥₩₹%°℃℉‰~～−=×÷*<>≈^#/–—½¼¾⅓⅔-]|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])/u
/** Before a number. */
const leaders = new Set([...currencyCodes, ...months, ...months.map((month) => `${month}.`), ...fullMonths, 'x'])

const number =
  /(?:(?:^|[^A-Za-z\d.,:])\d(?:[\d.,:/-]*\d)?(?:st|nd|rd|th|[ap]m|%|\))?|^[ap]m|^(?:thousand|million|billion|trillion|bn|mn)|[$€£¥￥₩₹])$/iu
const monthDay = new RegExp(
  `(?:^|[^A-Za-z])(?:${monthPattern})\\.? \\d{1,2}(?:st|nd|rd|th)?$|\\d(?:st|nd|rd|th)? (?:of )?(?:${monthPattern})\\.?$`,
  'u',
)

/** "No", "Nov": with a dot and a number they are abbreviations, else the dot ends a sentence. */
export const isNumbered = (word: string): boolean => numbered.has(word)

/** "+", "->", "-": stands between or before what it belongs to. */
export const isSymbols = (word: string): boolean => /^[-+=&/#@<>*×÷~≈–—→≤≥±]+$/u.test(word)

/** Text that ends in a number to which more may belong. */
export const numberEnds = (text: string): boolean => number.test(text.slice(-40))

/** "November 28", "28 Nov": a year may follow. */
export const monthDayEnds = (text: string): boolean => monthDay.test(text.slice(-24))

/**
 * Whether `word` and `next`, a blank between them, are said as one ("5 km", "$5 million", "28 Nov", "USD 5").
 * `complete`: all of `next` is there; else it may grow.
 */
export function joinsNext(word: string, next: string, complete: boolean): boolean | 'open' {
  const leads = leaders.has(word)
  const title = word === 'Dr' || word === 'St'
  if (!leads && !title && !number.test(word)) return false
  if (next === '') return 'open'
  if (title) return true
  if (leads) return /^[\d$]/u.test(next)
  if (followsNumber.test(next)) return true
  const follower = next.toLowerCase()
  if (!complete && followers.some((candidate) => candidate.startsWith(follower))) return 'open'
  return followerSet.has(follower) || followerSet.has(follower.replace(/[.,;:!?)/].*$/u, ''))
}
