import { type Language, languageOf, languages, lexicons } from './languages.ts'
import type { Ending, Frame, Lexicon, Moves, Questions, Topic } from './lexicon/lexicon.ts'
import { compileNumbers, type NumberWords } from './numbers.ts'
import { findAfter, findLastAfter, keyOf, matchAt, type Phrases, phrasesOf, unionOf } from './phrases.ts'

interface CompiledFrame {
  readonly opens: Phrases
  readonly until: Phrases
  readonly subjects: Phrases
  readonly frame: Frame
}

/** How a question is recognised, see `Questions`. */
interface Asks {
  readonly requests: Phrases
  /** Ask for an account. */
  readonly invites: Phrases
  readonly helps: Phrases
  readonly wh: Phrases
  readonly choices: Phrases
  readonly or: Phrases
  readonly notOr: Phrases
  readonly yesNoStarts: Phrases
  readonly offers: Phrases
  readonly confirms: Phrases
  readonly ends: Phrases
  readonly topics: Readonly<Record<Topic, Phrases>>
}

/** What one language tells about the form of an utterance, ready to be asked. */
export interface Grammar {
  readonly lexicon: Lexicon
  readonly endings: ReadonlyMap<string, Ending>
  readonly longestEnding: number
  readonly frames: readonly CompiledFrame[]
  readonly fillers: Phrases
  /** May come before the sentence proper. */
  readonly leads: Phrases
  readonly greetings: Phrases
  readonly answers: Phrases
  readonly yesNo: Phrases
  readonly listening: Phrases
  readonly agreements: Phrases
  readonly courtesies: Phrases
  readonly asks: Asks
  readonly moves: Readonly<Record<keyof Moves, Phrases>>
  readonly numbers: NumberWords
  readonly email: { readonly at: Phrases; readonly dot: Phrases; readonly joins: Phrases }
  readonly gaps: { readonly after: Phrases; readonly last: Phrases }
  readonly dateHeads: Phrases
  readonly dateTails: Phrases
}

const grammars = new Map<Language, Grammar>(languages.map((language) => [language, compile(lexicons[language])]))

/** The grammar of the language that the text is in, among those the tag allows. */
export function grammarOf(text: string, tag: string): Grammar {
  // Every language has been compiled.
  return grammars.get(languageOf(text, tag)) as Grammar
}

/** The longest known phrase at the end decides. */
export function endingOf(tokens: readonly string[], { endings, longestEnding }: Grammar): Ending | undefined {
  for (let count = Math.min(longestEnding, tokens.length); count > 0; count -= 1) {
    const ending = endings.get(keyOf(tokens, tokens.length - count, count))
    if (ending) return ending
  }
  return undefined
}

/** The lowest bound that a frame sets which is still open; 1: none is. `fragments`: a sentence needs no verb. */
export function openFrame(tokens: readonly string[], { frames }: Grammar, fragments: boolean): number {
  return frames.reduce((most, compiled) => {
    if (fragments && compiled.frame.opens.length === 0) return most
    return isOpen(tokens, compiled) ? Math.min(most, compiled.frame.most) : most
  }, 1)
}

function isOpen(tokens: readonly string[], { opens, until, subjects, frame }: CompiledFrame): boolean {
  const from = frame.at === 'start' ? startLength(tokens, opens) : findLastAfter(tokens, opens)
  if (from < 0) return false
  const subject = findAfter(tokens, subjects, from)
  if (subject >= 0 && subject < tokens.length) return false
  if (frame.closes === 'anywhere') return findAfter(tokens, until, from) < 0
  const last = tokens.length - 1
  return !rangeTo(last - until.longest + 1, last).some(
    (index) => index >= from && index + matchAt(tokens, until, index) > last,
  )
}

const startLength = (tokens: readonly string[], opens: Phrases): number =>
  opens.longest === 0 ? 0 : matchAt(tokens, opens, 0) || -1

const rangeTo = (from: number, last: number): readonly number[] =>
  Array.from({ length: Math.max(0, last - from + 1) }, (_, index) => from + index)

/**
 * The tokens without hesitations and greetings before them. All of them stay when there is nothing else, and what begins an
 * answer: "아니요" is no "아".
 */
export function withoutLead(tokens: readonly string[], { leads, yesNo }: Grammar): readonly string[] {
  const leadAt = (from: number) => {
    const count = matchAt(tokens, leads, from)
    return matchAt(tokens, yesNo, from) > count ? 0 : count
  }
  let from = 0
  for (let count = leadAt(from); count > 0; count = leadAt(from)) from += count
  return from < tokens.length ? tokens.slice(from) : tokens
}

function compile(lexicon: Lexicon): Grammar {
  const endings = new Map<string, Ending>()
  let longestEnding = 0
  for (const ending of ['never', 'rarely', 'perhaps', 'likely', 'surely'] as const) {
    const { keys, longest } = phrasesOf(lexicon.ends[ending])
    for (const key of keys) endings.set(key, ending)
    longestEnding = Math.max(longestEnding, longest)
  }
  const { email } = lexicon
  const fillers = phrasesOf(lexicon.fillers)
  const greetings = phrasesOf(lexicon.greetings)
  const answers = phrasesOf(lexicon.answers)
  const courtesies = phrasesOf(lexicon.courtesies)
  const listening = phrasesOf(lexicon.listening)
  return {
    lexicon,
    endings,
    longestEnding,
    frames: lexicon.frames.map((frame) => ({
      opens: phrasesOf(frame.opens),
      until: phrasesOf(frame.until),
      subjects: phrasesOf(frame.subjects ?? []),
      frame,
    })),
    fillers,
    leads: unionOf([fillers, greetings]),
    greetings: unionOf([greetings, fillers]),
    answers: unionOf([answers, listening, courtesies, fillers]),
    yesNo: answers,
    listening,
    agreements: unionOf([listening, fillers]),
    courtesies,
    asks: compileQuestions(lexicon.questions),
    moves: compileMoves(lexicon.moves),
    numbers: compileNumbers(lexicon.numbers),
    email: { at: phrasesOf(email.at), dot: phrasesOf(email.dot), joins: phrasesOf(email.joins) },
    gaps: { after: phrasesOf(lexicon.gaps.after), last: phrasesOf(lexicon.gaps.last) },
    dateHeads: phrasesOf(lexicon.dateHeads),
    dateTails: phrasesOf(lexicon.dateTails),
  }
}

function compileQuestions(questions: Questions): Asks {
  const { spelling, email, phone, digits, address, date, name } = questions.topics
  return {
    requests: phrasesOf(questions.requests),
    invites: phrasesOf(questions.invites),
    helps: phrasesOf(questions.helps),
    wh: phrasesOf(questions.wh),
    choices: phrasesOf(questions.choices),
    or: phrasesOf(questions.or),
    notOr: phrasesOf(questions.notOr),
    yesNoStarts: phrasesOf(questions.yesNoStarts),
    offers: phrasesOf(questions.offers),
    confirms: phrasesOf(questions.confirms),
    ends: phrasesOf(questions.ends),
    topics: {
      spelling: phrasesOf(spelling),
      email: phrasesOf(email),
      phone: phrasesOf(phone),
      digits: phrasesOf(digits),
      address: phrasesOf(address),
      date: phrasesOf(date),
      name: phrasesOf(name),
    },
  }
}

function compileMoves(moves: Moves): Grammar['moves'] {
  return {
    questions: phrasesOf(moves.questions),
    questionWords: phrasesOf(moves.questionWords),
    wishes: phrasesOf(moves.wishes),
    links: phrasesOf(moves.links),
    stories: phrasesOf(moves.stories),
    points: phrasesOf(moves.points),
    tags: phrasesOf(moves.tags),
    asides: phrasesOf(moves.asides),
    refusals: phrasesOf(moves.refusals),
    streets: phrasesOf(moves.streets),
  }
}
