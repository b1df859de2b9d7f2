/**
 * How often a turn is over after certain last words: `never` "to", `rarely` "well", `perhaps` "new" (of a shoe),
 * `likely` "tomorrow", `surely` "goodbye".
 */
export type Ending = 'never' | 'rarely' | 'perhaps' | 'likely' | 'surely'

/** What a question can be about, apart from its grammar. */
export type Topic = 'spelling' | 'email' | 'phone' | 'digits' | 'address' | 'date' | 'name'

/** Words that promise more: after one of `opens` the sentence is open until one of `until` has come. */
export interface Frame {
  /** None: the sentence itself opens the frame. */
  readonly opens: readonly string[]
  /** `start`: they count as the first words of a sentence only. */
  readonly at: 'start' | 'anywhere'
  readonly until: readonly string[]
  /** `last`: the closing word must be the last one, as a German verb. */
  readonly closes: 'anywhere' | 'last'
  /** Subjects: with any word after it, one of them closes the frame as well. */
  readonly subjects?: readonly string[]
  /** The highest score while the frame is open. */
  readonly most: number
}

/** How a language says numbers one digit at a time, and letters. */
export interface Numbers {
  /** Number words as they are dictated: below ten they stand for one digit, above for two. */
  readonly values: Readonly<Record<string, number>>
  /** Number words that count things and are not dictated: "네 자리" is four digits, "네" is yes. */
  readonly counting: Readonly<Record<string, number>>
  /** Words that are a digit only beside another one: "oh". */
  readonly soft: readonly string[]
  /** "twenty": two digits, the unit after it included. */
  readonly tens: readonly string[]
  /** Ten as a mark between units, as in 二十五. */
  readonly tenMarks: readonly string[]
  readonly hundreds: readonly string[]
  /** Stand between the parts of one number: "treinta y cinco". */
  readonly joiners: readonly string[]
  /** "double": the next digit or letter counts so many times. */
  readonly times: Readonly<Record<string, number>>
  /** Names of letters beyond the letters themselves: "eñe", "bravo". */
  readonly letters: readonly string[]
  /** Between a letter and the word that explains it: "as in". */
  readonly asIn: readonly string[]
  /** After a number they make it the length asked for: "six digits". */
  readonly lengthNouns: readonly string[]
  /** Before it, together with one of `lastNouns` after it: "the last four of". */
  readonly lastWords: readonly string[]
  readonly lastNouns: readonly string[]
  /** Ask for a single letter or digit: "the last letter of". */
  readonly singles: readonly string[]
  /** Digits a telephone number may have where the language is spoken, ascending; none: too many lengths to tell. */
  readonly phoneLengths: readonly number[]
}

/** How a language asks. Entries are phrases; "-st" is the end of a word. */
export interface Questions {
  /** Ask for something to be said: "tell me", "may I have". */
  readonly requests: readonly string[]
  /** Ask for an account of something, with or without a question mark: "describe". */
  readonly invites: readonly string[]
  /** Words of a question that does so: "how can I help you". */
  readonly helps: readonly string[]
  /** Question words. */
  readonly wh: readonly string[]
  /** Question words, or phrases, that are answered by one of a few values. */
  readonly choices: readonly string[]
  /** Between alternatives. */
  readonly or: readonly string[]
  /** Follow `or` without offering an alternative: "or not". */
  readonly notOr: readonly string[]
  /** First words of a question that "yes" or "no" answers. */
  readonly yesNoStarts: readonly string[]
  /** Words of one that offers something: "shall I". */
  readonly offers: readonly string[]
  /** Last words that ask whether what came before them is right. */
  readonly confirms: readonly string[]
  /** Last words of any question, without a question mark. */
  readonly ends: readonly string[]
  readonly topics: Readonly<Record<Topic, readonly string[]>>
}

/** What a sentence does in the talk: it hands the floor over, or only prepares for what is to be said. */
export interface Moves {
  /** Begin a question or request that the listener has to answer: "can you", "how much". */
  readonly questions: readonly string[]
  /** The same wherever they stand: "几点", and "can you" after a sentence that no full stop ends. */
  readonly questionWords: readonly string[]
  /** Begin a wish, which needs no more than its object: "I'd like to". */
  readonly wishes: readonly string[]
  /** Stand before such a beginning: "and". */
  readonly links: readonly string[]
  /** Begin the story behind a call, and seldom end it: "I ordered", "last week". */
  readonly stories: readonly string[]
  /** Tell that a story has come to its point: "but", "not", "broken". */
  readonly points: readonly string[]
  /** Said after a sentence they round it off: "I think". */
  readonly tags: readonly string[]
  /** Said after it they tell nothing: "you know". */
  readonly asides: readonly string[]
  /** Refusals that a reason tends to follow when they stand alone. */
  readonly refusals: readonly string[]
  /** Last words of a street or district: a town, a floor, a number may follow. */
  readonly streets: readonly string[]
}

/** What a language contributes to turn-taking. Every entry is lower case, as `tokensOf` cuts it. */
export interface Lexicon {
  /** Listening noises: they do not ask for the floor. */
  readonly listening: readonly string[]
  /** Hesitations. */
  readonly fillers: readonly string[]
  /** Said over the assistant they ask whether it is there; said alone they come before the request. */
  readonly greetings: readonly string[]
  /** Said first, they take the floor at once. */
  readonly stops: readonly string[]
  /** Begin like a stop word and are none. */
  readonly notStops: readonly string[]
  /** Answers to a question for yes or no. */
  readonly answers: readonly string[]
  /** Please, thanks, goodbye. */
  readonly courtesies: readonly string[]
  /** The longest entry at the end of the text decides. */
  readonly ends: Readonly<Record<Ending, readonly string[]>>
  readonly frames: readonly Frame[]
  /** Words that make an unlikely last word a possible one: after "what", "for" may end a question. */
  readonly gaps: { readonly after: readonly string[]; readonly last: readonly string[] }
  /** Months and the like: as an answer to a question for a date they wait for a number. */
  readonly dateHeads: readonly string[]
  /** Words that finish a date or a time. */
  readonly dateTails: readonly string[]
  readonly questions: Questions
  readonly moves: Moves
  readonly numbers: Numbers
  /** Spoken signs of a mail address. */
  readonly email: { readonly at: readonly string[]; readonly dot: readonly string[]; readonly joins: readonly string[] }
}

/** A lexicon writes its entries as one string, parted by bars. */
export const entries = (line: string): readonly string[] => line.split('|')
