import { type AddressWords, addressRules } from './addresses.ts'
import { digitGroups, phoneGroups, phonePattern } from './digit-groups.ts'
import { apart, type SpeechRules, speechRule } from './verbalise.ts'

type Words = readonly [
  at: string,
  dot: string,
  slash: string,
  dash: string,
  underscore: string,
  and: string,
  percent: string,
]

/** What is worth saying in words where numbers are left to the voice. */
const table: Readonly<Record<string, Words>> = {
  es: ['arroba', 'punto', 'barra', 'guion', 'guion bajo', 'y', 'por ciento'],
  fr: ['arobase', 'point', 'barre oblique', 'tiret', 'tiret bas', 'et', 'pour cent'],
  de: ['at', 'Punkt', 'Schrägstrich', 'Minus', 'Unterstrich', 'und', 'Prozent'],
  pt: ['arroba', 'ponto', 'barra', 'hífen', 'sublinhado', 'e', 'por cento'],
  ja: ['アットマーク', 'ドット', 'スラッシュ', 'ハイフン', 'アンダーバー', 'アンド', 'パーセント'],
  ko: ['골뱅이', '점', '슬래시', '하이픈', '밑줄', '앤드', '퍼센트'],
}

/**
 * Languages without rules of their own: addresses, "&" and "%" in words, long numbers digit by digit in figures. Everything
 * else stays as it is written, for the voice to read.
 */
export const otherRules: ReadonlyMap<string, SpeechRules> = new Map(
  Object.entries(table).map(([language, words]) => [language, rulesFrom(words)]),
)

function rulesFrom(words: Words): SpeechRules {
  const [at, dot, slash, dash, underscore, and, percent] = words
  const names: AddressWords = { at, dot, slash, dash, underscore, signs: {}, digits: (run) => run }
  const rules = [
    ...addressRules(names),
    speechRule(phonePattern, ({ text }) => {
      const groups = phoneGroups(text, /^\d{7,}$/u.test(text) && !text.endsWith('000'))
      return groups && (text.startsWith('+') ? '+ ' : '') + groups.map((group) => [...group].join(' ')).join(', ')
    }),
    speechRule(/\d{5,6}(?![A-Za-z\d]|[.,]\d)(?<!00)/u, ({ text }) =>
      digitGroups(text)
        .map((group) => [...group].join(' '))
        .join(', '),
    ),
    speechRule(/ ?%/u, (found) => apart(percent, found)),
    speechRule(/&/u, (found) => apart(and, found)),
    speechRule(/[’‘]/u, () => "'"),
  ]
  return { starts: /[^\p{L}\s]|[A-Za-z]| %/uy, rules }
}
