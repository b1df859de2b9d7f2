import { apart, type Found, type SpeechRule, speechRule } from './verbalise.ts'

const operators: Readonly<Record<string, string>> = {
  '=': 'equals',
  '×': 'times',
  '*': 'times',
  '÷': 'divided by',
  '<': 'less than',
  '>': 'greater than',
  '≤': 'at most',
  '≥': 'at least',
  '≠': 'is not',
  '±': 'plus or minus',
  '−': 'minus',
}

/** Signs that are words. A sign that stands for nothing (a lone "=") is not said. */
export const symbolRulesEn: readonly SpeechRule[] = [
  speechRule(/and\/or(?![A-Za-z])/u, () => 'and or'),
  speechRule(/C#/u, () => 'C sharp'),
  speechRule(/&/u, (found) => apart('and', found)),
  speechRule(/\+\+/u, (found) => apart('plus plus', found)),
  speechRule(/\+/u, (found) =>
    isOperand(found) || /[\p{L}\p{N}]$/u.test(found.before) || /^\d/u.test(found.after) ? apart('plus', found) : '',
  ),
  speechRule(/[<>≤≥±] ?(?=[$€£¥\d])/u, (found) => `${apart(operators[found.text.trim()] ?? '', found).trimEnd()} `),
  speechRule(/[=×*÷<>≤≥≠±−]/u, (found) => (isOperand(found) ? apart(operators[found.text] ?? '', found) : '')),
  speechRule(/->|=>|→/u, (found) => apart('to', found)),
  speechRule(/[~≈](?= ?[$€£¥\d])/u, () => 'about '),
  speechRule(/#(?=\d)/u, (found) => `${apart('number', found).trimEnd()} `),
  speechRule(/#(?=\p{L})/u, (found) => `${apart('hashtag', found).trimEnd()} `),
  speechRule(/@/u, (found) => apart('at', found)),
  speechRule(/\//u, (found) => (/\S$/u.test(found.before) || /^\S/u.test(found.after) ? apart('slash', found) : 'or')),
  speechRule(/[_\\]/u, () => ' '),
  speechRule(/[’‘]/u, () => "'"),
  speechRule(/[“”„«»]/u, () => '"'),
]

/** Something stands on both sides. */
const isOperand = ({ before, after }: Found): boolean =>
  /[\p{L}\p{N})%] ?$/u.test(before) && /^ ?[\p{L}\p{N}(.$€£-]/u.test(after)
