import { abbreviationRulesEn } from './abbreviations-en.ts'
import { addressRules } from './addresses.ts'
import { codePattern } from './currencies.ts'
import { dateRulesEn } from './dates-en.ts'
import { digitRulesEn } from './digits-en.ts'
import { moneyRulesEn } from './money-en.ts'
import { digitsEn } from './numbers-en.ts'
import { quantityRulesEn } from './quantities-en.ts'
import { symbolRulesEn } from './symbols-en.ts'
import { timeRulesEn } from './times-en.ts'
import type { SpeechRule, SpeechRules } from './verbalise.ts'

/** Words that rules know without a dot, a sign or a figure in or behind them. */
const bareWords = `vs|Dr|St|Ave|Blvd|Rd|Ln|May|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*|${codePattern}`
const starts = new RegExp(
  String.raw`(?:${bareWords})(?![A-Za-z])|[A-Za-z\d][\w%+]*[^\w\s,;!?\p{L}]|[A-Za-z]*\d|[^\s\p{L},;!?]`,
  'iuy',
)

const rules: readonly SpeechRule[] = [
  ...addressRules({
    at: 'at',
    dot: 'dot',
    slash: 'slash',
    dash: 'dash',
    underscore: 'underscore',
    signs: {
      ':': 'colon',
      '?': 'question mark',
      '=': 'equals',
      '&': 'and',
      '#': 'hash',
      '+': 'plus',
      '%': 'percent',
      '~': 'tilde',
    },
    digits: digitsEn,
  }),
  ...dateRulesEn,
  ...timeRulesEn,
  ...moneyRulesEn,
  ...digitRulesEn,
  ...quantityRulesEn,
  ...abbreviationRulesEn,
  ...symbolRulesEn,
]

/** How English is read out, American style. */
export const englishRules: SpeechRules = { starts, rules }
