import { isSpaceless } from '../turn/words.ts'
import { isNumbered, isSymbols, joinsNext, monthDayEnds, numberEnds } from './joints.ts'

/** A place where text may be cut: `end` is the offset after it. */
export interface Boundary {
  readonly end: number
  readonly kind: 'sentence' | 'clause' | 'blank'
}

/** `open`: what follows decides, and it is not there yet. */
export type Verdict = Boundary | 'open' | undefined

const abbreviations = new Set(
  'mr mrs ms dr prof st vs etc inc ltd co jr sr approx dept est gen hon rev tel ext e.g i.e a.m p.m ph.d ave blvd rd apt'.split(
    ' ',
  ),
)
/** What is looked at of a word. */
const maxWordCharacters = 64
const closers = /["'”’)\]»」』]/u

/**
 * Whether text may be cut at the character at `index`. Only where no continuation changes what is said on either side:
 * "3." may become "3.5", "Dr." stays open, "5 " waits for "km", "Hello," is closed.
 */
export function boundaryAt(text: string, index: number): Verdict {
  const mark = text[index] ?? ''
  if (/[。！？…]/u.test(mark)) return { end: closersEnd(text, index + 1), kind: 'sentence' }
  if (/[，；、]/u.test(mark)) return { end: index + 1, kind: 'clause' }
  if (mark === '：') return fullWidthColon(text, index)
  if (mark === '.') return fullStop(text, index)
  if (/[!?]/u.test(mark)) return closed(text, index, 'sentence')
  if (/[,;:—–]/u.test(mark)) return closed(text, index, 'clause')
  if (mark === '\n') return { end: index + 1, kind: 'sentence' }
  if (/\s/u.test(mark)) return blank(text, index)
  return undefined
}

function fullStop(text: string, index: number): Verdict {
  const own = dotOf(text, index)
  if (own === 'open') return 'open'
  return own ? undefined : closed(text, index, 'sentence')
}

/** These marks count only when nothing can follow them inside the same word. */
function closed(text: string, index: number, kind: Boundary['kind']): Verdict {
  const mark = text[index] ?? ''
  if (mark === ';' && /&#?\w{1,8}$/u.test(text.slice(Math.max(0, index - 10), index))) return undefined
  const end = closersEnd(text, index + 1)
  const bound = numberGoesOn(text, index)
  if (bound) return bound === 'open' ? 'open' : undefined
  const next = text[end]
  if (next !== undefined) return /\s/u.test(next) || isSpaceless(next) ? { end, kind } : undefined
  const before = text[index - 1] ?? ''
  const open = mark === '.' || /[\d\s]/u.test(before) || before === '' || isAddress(wordAt(text, index))
  return open ? 'open' : { end, kind }
}

/** "3 – 5", "28 November, 2026": the number after the mark at `index` belongs to the one before it. */
function numberGoesOn(text: string, index: number): boolean | 'open' {
  const mark = text[index] ?? ''
  const head = text.slice(Math.max(0, index - maxWordCharacters), index)
  const binds = mark === ',' ? monthDayEnds(head) : /[—–]/u.test(mark) && numberEnds(head.trimEnd())
  if (!binds) return false
  const next = text.slice(index + 1).trimStart()[0]
  return next === undefined ? 'open' : /[\d$€£¥￥+-]/u.test(next)
}

/** 14：30 is a time. */
function fullWidthColon(text: string, index: number): Verdict {
  const next = text[index + 1]
  if (!/\d/u.test(text[index - 1] ?? '')) return { end: index + 1, kind: 'clause' }
  if (next === undefined) return 'open'
  return /\d/u.test(next) ? undefined : { end: index + 1, kind: 'clause' }
}

/** Not inside what is said as one, not after an abbreviation. */
function blank(text: string, index: number): Verdict {
  const before = text[index - 1] ?? ''
  if (/\s/u.test(before) || before === '') return undefined
  const own = before === '.' ? dotOf(text, index - 1) : numberGoesOn(text, index - 1)
  if (own) return own === 'open' ? 'open' : undefined
  const word = wordAt(text, index)
  if (isSymbols(word)) return undefined
  const [, next = '', after] = /^\s*(\S{0,24})(.?)/su.exec(text.slice(index + 1)) ?? []
  const joint = joinsNext(word, next, after !== '')
  if (joint === 'open') return 'open'
  return joint ? undefined : { end: index + 1, kind: 'blank' }
}

/** Whether the dot at `dot` belongs to its word: "Dr.", "J.", "No. 5", the number of a list. */
function dotOf(text: string, dot: number): boolean | 'open' {
  const word = wordAt(text, dot).replace(/^["'“‘(]+/u, '')
  if (/^\d+$/u.test(word)) return /(?:^|\n)\s*\d+$/u.test(text.slice(0, dot))
  if (abbreviations.has(word.toLowerCase()) || /^(?:\p{L}\.)*\p{L}$/u.test(word)) return !isSpaceless(word)
  if (!isNumbered(word)) return false
  const next = text.slice(dot + 1).trimStart()[0]
  return next === undefined ? 'open' : /\d/u.test(next)
}

function closersEnd(text: string, from: number): number {
  let end = from
  while (end < text.length && closers.test(text[end] ?? '')) end += 1
  return end
}

/** The run of non-blanks that ends before `index`, as far as it matters. */
function wordAt(text: string, index: number): string {
  return /\S*$/u.exec(text.slice(Math.max(0, index - maxWordCharacters), index))?.[0] ?? ''
}

const isAddress = (word: string): boolean => /:\/\/|@|^www\.|[a-z\d]\.[a-z]|:$|^https?$/iu.test(word)
