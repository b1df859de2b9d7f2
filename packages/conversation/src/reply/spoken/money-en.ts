import { codePattern, currencyOf, signPattern } from './currencies.ts'
import { cardinalEn, numberEn } from './numbers-en.ts'
import { isAttribute, perEn, perPattern } from './quantities-en.ts'
import { type Found, type SpeechRule, speechRule } from './verbalise.ts'

const number = String.raw`(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?`
const scaleNames: Readonly<Record<string, string>> = {
  k: 'thousand',
  m: 'million',
  b: 'billion',
  mn: 'million',
  bn: 'billion',
}
const scale = String.raw`(?: ?(?<scale>thousand|million|billion|trillion|bn|mn|[kKmMbB])(?![A-Za-z\d]))?`
const to = '(?: ?[-–—~] ?)'

/** Sums of money: "$5.50", "€5-10", "USD 5 million", "99¢". */
export const moneyRulesEn: readonly SpeechRule[] = [
  speechRule(
    `(?<minus>[-−] ?)?(?<sign>${signPattern}) ?(?<minus2>[-−])?(?<from>${number})(?:${to}(?:${signPattern})?(?<to>${number})(?![\\d-]|[.,]\\d))?${scale}(?![A-Za-z\\d])(?: ?(?:${codePattern})(?![A-Za-z]))?${perPattern}`,
    (found) => moneyEn(found, found.part('sign')),
  ),
  speechRule(
    `(?<code>${codePattern}) ?(?<minus>[-−])?(?<sign>${signPattern})?(?<from>${number})(?:${to}(?<to>${number}))?${scale}(?![A-Za-z\\d])${perPattern}`,
    (found) => moneyEn(found, found.part('code')),
  ),
  speechRule(
    `(?<minus>[-−])?(?<from>${number})(?:${to}(?<to>${number}))?${scale} ?(?<sign>${codePattern}|€|£)(?![A-Za-z\\d])${perPattern}`,
    (found) => moneyEn(found, found.part('sign')),
  ),
  speechRule(
    /(?<cents>\d+)(?: ?¢|¢)/u,
    ({ part }) => `${cardinalEn(part('cents'))} ${part('cents') === '1' ? 'cent' : 'cents'}`,
  ),
]

function moneyEn({ part, before }: Found, sign: string): string | undefined {
  const currency = currencyOf(sign, 'JPY')
  if (!currency) return undefined
  const [one, plural, cent, cents] = currency.en
  const many = isAttribute(before) ? one : plural
  const minus = part('minus') + part('minus2') === '' ? '' : 'minus '
  const tail = part('per') === '' ? '' : perEn(part('per'))
  const [from, to, written] = [part('from'), part('to'), part('scale')]
  const large = written === '' ? '' : ` ${scaleNames[written.toLowerCase()] ?? written}`
  if (to !== '') return `${minus}${numberEn(from)} to ${numberEn(to)}${large} ${many}${tail}`
  if (large !== '') return `${minus}${numberEn(from)}${large} ${many}${tail}`
  const [whole = '0', fraction = ''] = from.split('.')
  const major = `${cardinalEn(whole)} ${whole === '1' ? one : many}`
  if (/^0*$/u.test(fraction)) return `${minus}${major}${tail}`
  if (fraction.length !== 2 || cents === undefined) return `${minus}${numberEn(from)} ${many}${tail}`
  const minor = `${cardinalEn(fraction)} ${fraction === '01' ? cent : cents}`
  return `${minus}${/^0+$/u.test(whole) ? minor : `${major} and ${minor}`}${tail}`
}
