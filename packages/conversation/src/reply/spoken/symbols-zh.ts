import { apart, type Found, type SpeechRule, speechRule } from './verbalise.ts'

const operators: Readonly<Record<string, string>> = {
  '=': '等于',
  '×': '乘',
  '*': '乘',
  '÷': '除以',
  '<': '小于',
  '>': '大于',
  '≤': '小于等于',
  '≥': '大于等于',
  '≠': '不等于',
  '±': '正负',
  '−': '减',
}

/** Signs that are words. A sign that stands for nothing (a lone "=") is not said. */
export const symbolRulesZh: readonly SpeechRule[] = [
  speechRule(/ ?& ?/u, () => '和'),
  speechRule(/ ?\+ ?/u, (found) => (isOperand(found) || /[\p{L}\p{N}加]$/u.test(found.before) ? '加' : '')),
  speechRule(/ ?[=×*÷<>≤≥≠±−] ?/u, (found) => (isOperand(found) ? (operators[found.text.trim()] ?? '') : ' ')),
  speechRule(/ ?(?:->|=>|→) ?/u, () => '到'),
  speechRule(/[~～≈](?= ?[$€£¥￥\d])/u, () => '约'),
  speechRule(/vs\.?(?![A-Za-z])/iu, () => '对'),
  speechRule(/#(?=[\p{L}\p{N}])/u, () => '井号'),
  speechRule(/@/u, (found) => apart('艾特', found)),
  speechRule(/ ?\/ ?/u, ({ before, after }) =>
    /\p{Script=Han}$/u.test(before) && /^\p{Script=Han}/u.test(after) ? '或' : '斜杠',
  ),
  speechRule(/[_\\]/u, () => ' '),
  speechRule(/[’‘]/u, () => "'"),
]

/** Something stands on both sides. */
const isOperand = ({ before, after }: Found): boolean =>
  /[\p{L}\p{N})）%]$/u.test(before) && /^[\p{L}\p{N}(（.$€£¥￥-]/u.test(after)
