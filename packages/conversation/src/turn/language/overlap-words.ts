import { hasText } from '../words.ts'
import { type Language, languages, languagesOf, lexicons } from './languages.ts'
import type { Lexicon } from './lexicon/lexicon.ts'
import { findAfter, isMadeOf, matchAt, matchEnd, type Phrases, phrasesOf, unionOf } from './phrases.ts'
import { isCharacter, tokensOf, withoutNoises, wordCount } from './tokens.ts'

/** Phrase lists of the languages that may be spoken on a call. */
interface OverlapWords {
  readonly listening: Phrases
  readonly idle: Phrases
  readonly fillers: Phrases
  readonly stops: Phrases
  readonly notStops: Phrases
  readonly answers: Phrases
  /** Around an answer they change nothing: fillers, please, thanks. */
  readonly aroundAnswers: Phrases
  readonly questionEnds: Phrases
}

/** Words that may have been said after a question mark while the question still stands. */
const afterQuestionWords = 3

const own = new Map(languages.map((language) => [language, wordsIn(lexicons[language])]))
const everything = merge(languages)
const merged = new Map(languages.map((language) => [language, merge(languagesOf(language))]))

/** The whole text is listening noises, one or several in a row. Empty text is not. */
export const isBackchannel = (text: string, language: string): boolean =>
  isMadeOf(tokensOf(text), wordsFor(language).listening)

/**
 * The text says nothing: listening noises, hesitations, laughter, coughs as the recogniser labels them, and calls of
 * "hello?". Empty text is not.
 */
export function isIdleNoise(text: string, language: string): boolean {
  if (!hasText(text) && !/[ㅋㅎ]/u.test(text)) return false
  const tokens = tokensOf(withoutNoises(text))
  return tokens.length === 0 || isMadeOf(tokens, wordsFor(language).idle)
}

/** The text begins, after hesitations, with words that demand silence from the assistant. "No problem" does not. */
export function startsWithStopWord(text: string, language: string): boolean {
  const words = wordsFor(language)
  const tokens = tokensOf(withoutNoises(text))
  let from = 0
  while (from < tokens.length && matchAt(tokens, words.stops, from) === 0) {
    const skipped = matchAt(tokens, words.fillers, from)
    if (skipped === 0) return false
    from += skipped
  }
  return matchAt(tokens, words.stops, from) > matchAt(tokens, words.notStops, from)
}

/**
 * Words with content: hesitations and listening noises do not count, two characters without blanks make one word. In
 * scripts without blanks listening noises are told from other words at the beginning only.
 */
export function contentWords(text: string, language: string): number {
  const words = wordsFor(language)
  const tokens = tokensOf(withoutNoises(text))
  const kept: string[] = []
  for (let index = 0; index < tokens.length; ) {
    const token = tokens[index] ?? ''
    const noises = isCharacter(token) && kept.length > 0 ? 0 : matchAt(tokens, words.idle, index)
    if (noises === 0) kept.push(token)
    index += Math.max(1, noises)
  }
  return wordCount(kept)
}

/** The whole text answers a question for yes or no, politely or not: "uh yes please". */
export function isAnswerWord(text: string, language: string): boolean {
  const { answers, aroundAnswers } = wordsFor(language)
  const tokens = tokensOf(text)
  return isMadeOf(tokens, aroundAnswers) && findAfter(tokens, answers) >= 0
}

/**
 * The last sentence of the assistant asks something; up to three words may have followed it. Languages that mark
 * questions by a last word need no question mark.
 */
export function justAsked(heard: string, language: string): boolean {
  const end = Math.max(heard.lastIndexOf('?'), heard.lastIndexOf('？'))
  if (end >= 0 && tokensOf(heard.slice(end + 1)).length <= afterQuestionWords) return true
  const last = heard.trimEnd().replace(/[。.]$/u, '')
  return matchEnd(tokensOf(last.slice(-100)), wordsFor(language).questionEnds) > 0
}

function wordsFor(tag: string): OverlapWords {
  const [main] = languagesOf(tag)
  return (languagesOf(tag).length <= 2 && main ? merged.get(main) : undefined) ?? everything
}

function merge(of: readonly Language[]): OverlapWords {
  const parts = of.flatMap((language) => own.get(language) ?? [])
  const all = (pick: (words: OverlapWords) => Phrases) => unionOf(parts.map(pick))
  return {
    listening: all(({ listening }) => listening),
    idle: all(({ idle }) => idle),
    fillers: all(({ fillers }) => fillers),
    stops: all(({ stops }) => stops),
    notStops: all(({ notStops }) => notStops),
    answers: all(({ answers }) => answers),
    aroundAnswers: all(({ aroundAnswers }) => aroundAnswers),
    questionEnds: all(({ questionEnds }) => questionEnds),
  }
}

function wordsIn(lexicon: Lexicon): OverlapWords {
  const listening = phrasesOf(lexicon.listening)
  const fillers = phrasesOf(lexicon.fillers)
  const answers = phrasesOf(lexicon.answers)
  return {
    listening,
    idle: unionOf([listening, fillers, phrasesOf(lexicon.greetings)]),
    fillers,
    stops: phrasesOf(lexicon.stops),
    notStops: phrasesOf(lexicon.notStops),
    answers,
    aroundAnswers: unionOf([answers, fillers, phrasesOf(lexicon.courtesies)]),
    questionEnds: phrasesOf(lexicon.questions.ends),
  }
}
