import { de } from './lexicon/de.ts'
import { en } from './lexicon/en.ts'
import { es } from './lexicon/es.ts'
import { fr } from './lexicon/fr.ts'
import { ja } from './lexicon/ja.ts'
import { ko } from './lexicon/ko.ts'
import type { Lexicon } from './lexicon/lexicon.ts'
import { pt } from './lexicon/pt.ts'
import { zh } from './lexicon/zh.ts'
import { tokensOf } from './tokens.ts'

/** Languages with a lexicon. */
export type Language = 'en' | 'zh' | 'es' | 'ja' | 'fr' | 'de' | 'pt' | 'ko'

export const lexicons: Readonly<Record<Language, Lexicon>> = { en, zh, es, ja, fr, de, pt, ko }
export const languages: readonly Language[] = ['en', 'zh', 'es', 'ja', 'fr', 'de', 'pt', 'ko']
const latin: readonly Language[] = ['en', 'es', 'fr', 'de', 'pt']

/** Everyday words, to tell the Latin languages apart. */
const vocabularies = new Map(latin.map((language) => [language, vocabularyOf(lexicons[language])]))

/** The languages that a tag ("en", "zh-CN") stands for: its own and English; all of them when the tag is unknown. */
export function languagesOf(tag: string): readonly Language[] {
  const main = languages.find((language) => language === tag.split(/[-_]/u, 1)[0]?.toLowerCase())
  if (!main) return languages
  return main === 'en' ? ['en'] : [main, 'en']
}

/** The one language among those of the tag that the text is in: by its script, then by how many words are known. */
export function languageOf(text: string, tag: string): Language {
  const candidates = languagesOf(tag)
  if (candidates.length === 1) return 'en'
  const written = scriptLanguage(text, candidates)
  if (written) return written
  const words = tokensOf(text)
  const score = (language: Language) => words.filter((word) => vocabularies.get(language)?.has(word)).length
  const spelled = candidates.filter((language) => latin.includes(language))
  return spelled.reduce((best, next) => (score(next) > score(best) ? next : best), spelled[0] ?? 'en')
}

function scriptLanguage(text: string, candidates: readonly Language[]): Language | undefined {
  const guesses: Language[] = []
  if (/\p{Script=Hangul}/u.test(text)) guesses.push('ko')
  if (/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)) guesses.push('ja')
  if (/\p{Script=Han}/u.test(text)) guesses.push('zh', 'ja')
  return guesses.find((guess) => candidates.includes(guess))
}

function vocabularyOf(lexicon: Lexicon): ReadonlySet<string> {
  const { ends, numbers, questions } = lexicon
  const phrases = [
    ...Object.values(ends).flat(),
    ...lexicon.answers,
    ...lexicon.courtesies,
    ...lexicon.listening,
    ...questions.wh,
    ...questions.requests,
    ...questions.yesNoStarts,
    ...Object.keys(numbers.values),
    ...numbers.tens,
  ]
  return new Set(phrases.filter((phrase) => !phrase.startsWith('-')).flatMap(tokensOf))
}
