import { addressRules } from './addresses.ts'
import { dateRulesZh } from './dates-zh.ts'
import { digitRulesZh } from './digits-zh.ts'
import { moneyRulesZh } from './money-zh.ts'
import { digitsZh } from './numbers-zh.ts'
import { quantityRulesZh } from './quantities-zh.ts'
import { symbolRulesZh } from './symbols-zh.ts'
import type { SpeechRule, SpeechRules } from './verbalise.ts'

const rules: readonly SpeechRule[] = [
  ...addressRules({
    at: '艾特',
    dot: '点',
    slash: '斜杠',
    dash: '杠',
    underscore: '下划线',
    signs: { ':': '冒号', '?': '问号', '=': '等于', '&': '和', '#': '井号', '+': '加', '%': '百分号', '~': '波浪号' },
    digits: digitsZh,
  }),
  ...dateRulesZh,
  ...moneyRulesZh,
  ...digitRulesZh,
  ...quantityRulesZh,
  ...symbolRulesZh,
]

/** How Chinese is read out. Some rules begin with the blank before a sign, one with 第. */
export const chineseRules: SpeechRules = { starts: /第|[^\p{L}\s，。！？；：、]|[A-Za-z]| [^\p{L}\p{N}\s]/uy, rules }
