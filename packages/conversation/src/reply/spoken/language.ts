import { chineseRules } from './chinese.ts'
import { englishRules } from './english.ts'
import { otherRules } from './other-languages.ts'
import type { SpeechRules } from './verbalise.ts'

const rules: ReadonlyMap<string, SpeechRules> = new Map([
  ...otherRules,
  ['en', englishRules],
  ['zh', chineseRules],
  ['yue', chineseRules],
])

const none: SpeechRules = { starts: /(?!)/uy, rules: [] }

/** The rules of a language; none for a language nobody wrote rules for. */
export const rulesOf = (language: string): SpeechRules => rules.get(language) ?? none

/**
 * The language `text` is in, as far as its script tells, then that of the words before it, then the assistant's main
 * language (`zh-TW` -> `zh`). A Chinese assistant may well answer in English, and figures are read in the language
 * around them.
 */
export function languageOf(text: string, before: string, main: string): string {
  const language = main.toLowerCase().split(/[-_]/u)[0] ?? ''
  return byScript(text, language) ?? byScript(before, language) ?? language
}

/** Undefined: too few words to tell; addresses are of no language. */
function byScript(text: string, main: string): string | undefined {
  if (/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)) return 'ja'
  if (/\p{Script=Hangul}/u.test(text)) return 'ko'
  const isHan = ['zh', 'yue', 'ja'].includes(main)
  if (/\p{Script=Han}/u.test(text)) return isHan ? main : 'zh'
  const words = text.replace(/\S*[.@/]\S+/gu, '').match(/[A-Za-z]{2,}/gu) ?? []
  if (words.length < 2) return undefined
  return isHan || main === 'ko' ? 'en' : main
}
