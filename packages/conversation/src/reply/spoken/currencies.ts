/** How a currency is named. English: one, many, one and many of the hundredth part (if it is in use). */
interface Currency {
  readonly signs: readonly string[]
  readonly en: readonly [one: string, many: string, cent?: string, cents?: string]
  readonly zh: string
}

const table: Readonly<Record<string, Currency>> = {
  USD: { signs: ['US$', '$', '＄'], en: ['dollar', 'dollars', 'cent', 'cents'], zh: '美元' },
  EUR: { signs: ['€'], en: ['euro', 'euros', 'cent', 'cents'], zh: '欧元' },
  GBP: { signs: ['£', '￡'], en: ['pound', 'pounds', 'penny', 'pence'], zh: '英镑' },
  JPY: { signs: ['JP¥'], en: ['yen', 'yen'], zh: '日元' },
  CNY: { signs: ['CN¥', '￥'], en: ['yuan', 'yuan'], zh: '元' },
  RMB: { signs: [], en: ['yuan', 'yuan'], zh: '元' },
  HKD: { signs: ['HK$'], en: ['Hong Kong dollar', 'Hong Kong dollars', 'cent', 'cents'], zh: '港元' },
  TWD: { signs: ['NT$'], en: ['Taiwan dollar', 'Taiwan dollars'], zh: '新台币' },
  SGD: { signs: ['S$'], en: ['Singapore dollar', 'Singapore dollars', 'cent', 'cents'], zh: '新加坡元' },
  AUD: { signs: ['AU$', 'A$'], en: ['Australian dollar', 'Australian dollars', 'cent', 'cents'], zh: '澳元' },
  CAD: { signs: ['CA$', 'C$'], en: ['Canadian dollar', 'Canadian dollars', 'cent', 'cents'], zh: '加元' },
  KRW: { signs: ['₩'], en: ['won', 'won'], zh: '韩元' },
  INR: { signs: ['₹'], en: ['rupee', 'rupees', 'paisa', 'paise'], zh: '卢比' },
  CHF: { signs: [], en: ['Swiss franc', 'Swiss francs', 'centime', 'centimes'], zh: '瑞士法郎' },
}

export const currencyCodes: readonly string[] = Object.keys(table)

/** Signs as a pattern, the longer ones first. `¥` alone is Japan's in English and China's in Chinese. */
export const signPattern: string = [...Object.values(table).flatMap(({ signs }) => signs), '¥']
  .sort((a, b) => b.length - a.length)
  .map((sign) => sign.replaceAll('$', String.raw`\$`))
  .join('|')
export const codePattern: string = currencyCodes.join('|')

/** The currency of a sign or a code. `yen`: what `¥` is. */
export function currencyOf(name: string, yen: 'JPY' | 'CNY'): Currency | undefined {
  return (
    table[name] ??
    Object.values(table).find(({ signs }) => signs.includes(name)) ??
    (name === '¥' ? table[yen] : undefined)
  )
}
