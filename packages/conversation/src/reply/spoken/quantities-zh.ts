import { integerZh } from './digits-zh.ts'
import { cardinalZh, numberZh } from './numbers-zh.ts'
import { unitOf, unitPattern } from './units.ts'
import { type Found, type SpeechRule, speechRule } from './verbalise.ts'

const number = String.raw`(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?`
const to = '(?: ?[-–—~～] ?)'
/** Before these, two is 两. */
const counters =
  /^ ?(?:[个只条张件位名人天周秒次种家本台辆块吨倍间份瓶杯盒箱套米升步票册页年岁点千万亿公平]|小时|分钟|个月|厘米|元|美元)/u
const glyphs: Readonly<Record<string, string>> = {
  '½': '二分之一',
  '¼': '四分之一',
  '¾': '四分之三',
  '⅓': '三分之一',
  '⅔': '三分之二',
}

/** A quantity of something: 2 is 两. */
export const countZh = (written: string): string => (written === '2' ? '两' : numberZh(written))

/** Numbers of all kinds: ordinals, fractions, ratios, ranges, with a unit, plain. */
export const quantityRulesZh: readonly SpeechRule[] = [
  speechRule(
    /第 ?(?<n>\d+)(?:[-–—~～至到] ?第?(?<last>\d+))?/u,
    ({ part }) => `第${cardinalZh(part('n'))}${part('last') === '' ? '' : `到${cardinalZh(part('last'))}`}`,
  ),
  speechRule(/(?:No\.?|№) ?(?<n>\d+)(?![A-Za-z\d])/u, ({ part }) => `${cardinalZh(part('n'))}号`),
  speechRule(/(?<n>\d{1,4}) ?x ?(?=\d)/u, ({ part }) => `${cardinalZh(part('n'))}乘`),
  speechRule(
    /(?<top>\d{1,2})\/(?<bottom>[1-9]\d?)(?![/\d]|[A-Za-z])/u,
    ({ part }) => `${cardinalZh(part('bottom'))}分之${cardinalZh(part('top'))}`,
  ),
  speechRule(/(?<whole>\d+)?(?<glyph>[½¼¾⅓⅔])/u, ({ part }) => {
    const said = glyphs[part('glyph')] ?? ''
    return part('whole') === '' ? said : `${cardinalZh(part('whole'))}又${said}`
  }),
  speechRule(
    /(?<left>\d{1,3})[:：](?<right>\d{1,3})(?![\d:：])/u,
    ({ part }) => `${cardinalZh(part('left'))}比${cardinalZh(part('right'))}`,
  ),
  speechRule(
    `(?<minus>(?<![A-Za-z\\d])[-−])?(?<from>${number})(?<fromUnit>[%％])?(?:${to}(?<to>${number}))?(?: ?(?<unit>${unitPattern})(?![A-Za-z\\d²³]))?(?![A-Za-z\\d])`,
    quantity,
  ),
  speechRule(`(?<from>${number})(?![A-Za-z\\d])`, (found) => plain(found.part('from'), found)),
]

function quantity(found: Found): string | undefined {
  const { part } = found
  const [from, to, symbol] = [part('from'), part('to'), part('unit') || part('fromUnit')]
  const name = unitOf(symbol)?.zh ?? ''
  const isPercent = name === '%' || name === '‰'
  const base = name === '%' ? '百分之' : '千分之'
  const minus = part('minus') === '' ? '' : name.endsWith('度') ? '零下' : '负'
  if (isPercent) return `${minus}${base}${numberZh(from)}${to === '' ? '' : `到${base}${numberZh(to)}`}`
  if (to !== '') {
    if (/^ *=/u.test(found.after)) return `${numberZh(from)}减${numberZh(to)}`
    const first = from === '2' && (name !== '' || counters.test(found.after)) ? '两' : numberZh(from)
    return `${minus}${first}到${name === '' ? plain(to, found) : countZh(to)}${name}`
  }
  if (name === '') return minus === '' ? plain(from, found) : `${minus}${numberZh(from)}`
  return `${minus}${/度$/u.test(name) ? numberZh(from) : countZh(from)}${name}`
}

function plain(written: string, found: Found): string {
  if (written === '2' && counters.test(found.after)) return '两'
  return /^\d+$/u.test(written) ? integerZh(written, found) : numberZh(written)
}
