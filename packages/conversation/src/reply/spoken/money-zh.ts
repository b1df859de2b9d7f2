import { codePattern, currencyOf, signPattern } from './currencies.ts'
import { cardinalZh, numberZh } from './numbers-zh.ts'
import { countZh } from './quantities-zh.ts'
import { type Found, type SpeechRule, speechRule } from './verbalise.ts'

const number = String.raw`(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?`
const to = '(?: ?[-–—~～至到] ?)'
const scale = `(?: ?(?<scale>[十百千]?[万亿]|thousand|million|billion|[kKmMbB](?![A-Za-z])))?`
/** Zeros that an English scale adds. */
const zeros: Readonly<Record<string, number>> = { thousand: 3, k: 3, million: 6, m: 6, billion: 9, b: 9 }

/** Sums of money: "¥5.50", "100 USD", "5.5元". */
export const moneyRulesZh: readonly SpeechRule[] = [
  speechRule(
    `(?<minus>[-−])?(?<sign>${signPattern}|${codePattern}) ?(?<from>${number})(?:${to}(?:${signPattern})?(?<to>${number}))?${scale}(?: ?元)?(?![A-Za-z\\d])`,
    (found) => moneyZh(found, found.part('sign')),
  ),
  speechRule(
    `(?<minus>[-−])?(?<from>${number})(?:${to}(?<to>${number}))?${scale} ?(?<sign>${codePattern}|€|£)(?![A-Za-z\\d])`,
    (found) => moneyZh(found, found.part('sign')),
  ),
  speechRule(
    `(?<minus>[-−])?(?<from>\\d+\\.\\d{1,2}) ?(?<name>元|块钱|块)`,
    ({ part }) => `${part('minus') && '负'}${yuanZh(part('from'))}`,
  ),
  speechRule(/(?<cents>\d+) ?¢/u, ({ part }) => `${cardinalZh(part('cents'))}美分`),
]

function moneyZh({ part }: Found, sign: string): string | undefined {
  const currency = currencyOf(sign, 'CNY')
  if (!currency) return undefined
  const minus = part('minus') === '' ? '' : '负'
  const head = sign === 'RMB' ? '人民币' : ''
  const [from, to, scale] = [part('from'), part('to'), part('scale')]
  const added = zeros[scale.toLowerCase()]
  const amount = (written: string) =>
    added === undefined ? `${countZh(written)}${scale}` : countZh(shift(written, added))
  if (to !== '') return `${head}${minus}${amount(from)}到${amount(to)}${currency.zh}`
  if (currency.zh === '元' && scale === '' && /\.\d{1,2}$/u.test(from)) return `${head}${minus}${yuanZh(from)}`
  return `${head}${minus}${scale === '' ? countZh(from.replace(/\.0+$/u, '')) : amount(from)}${currency.zh}`
}

/** "5.50" -> "五元五角", "5.05" -> "五元零五分". */
function yuanZh(written: string): string {
  const [whole = '0', fraction = ''] = written.split('.')
  const [tenth = '0', hundredth = '0'] = fraction
  const yuan = /^0+$/u.test(whole) ? '' : `${countZh(whole)}元`
  const jiao = tenth === '0' ? '' : `${countZh(tenth)}角`
  const gap = yuan !== '' && jiao === '' ? '零' : ''
  const fen = hundredth === '0' ? '' : `${gap}${cardinalZh(hundredth)}分`
  return yuan + jiao + fen || '零元'
}

/** "1.5" with six more zeros -> "1500000". */
function shift(written: string, zeros: number): string {
  const [whole = '', fraction = ''] = written.replaceAll(',', '').split('.')
  if (fraction.length > zeros) return numberZh(written)
  return `${whole}${fraction.padEnd(zeros, '0')}`
}
