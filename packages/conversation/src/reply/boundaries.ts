import { isSpaceless } from '../turn/words.ts'

/** A place where text may be cut: `end` is the offset after it. */
export interface Boundary {
  readonly end: number
  readonly kind: 'sentence' | 'clause' | 'blank'
}

const abbreviations = new Set(
  'mr mrs ms dr prof st no vs etc inc ltd co jr sr approx dept est fig gen hon rev tel ext e.g i.e a.m p.m u.s u.k'.split(
    ' ',
  ),
)
const closers = /["'”’)\]»」』]/u

/**
 * Safe places to cut growing text. The end of the text is one only when no continuation could make it wrong: "3." may
 * become "3.5", "Dr." stays open, "Hello," is closed.
 */
export function boundaries(text: string): readonly Boundary[] {
  const found: Boundary[] = []
  let brackets = 0
  for (let index = 0; index < text.length; index += 1) {
    const mark = text[index] ?? ''
    if (mark === '[') brackets += 1
    if (mark === ']' && text[index + 1] !== '(') brackets = Math.max(0, brackets - 1)
    if (mark === ')' && brackets > 0) brackets -= 1
    if (brackets > 0) continue
    const boundary = at(text, index)
    if (boundary) found.push(boundary)
  }
  return found
}

function at(text: string, index: number): Boundary | undefined {
  const mark = text[index] ?? ''
  if (/[。！？!?…]/u.test(mark)) return closed(text, index, 'sentence')
  if (/[，；：、]/u.test(mark)) return { end: index + 1, kind: 'clause' }
  if (mark === '.') return isAbbreviated(text, index) ? undefined : closed(text, index, 'sentence')
  if (/[,;:—–]/u.test(mark)) return closed(text, index, 'clause')
  if (mark === '\n') return { end: index + 1, kind: 'sentence' }
  if (/\s/u.test(mark)) return blank(text, index)
  return undefined
}

/** ASCII marks count only when nothing can follow them inside the same word. */
function closed(text: string, index: number, kind: Boundary['kind']): Boundary | undefined {
  let end = index + 1
  while (end < text.length && closers.test(text[end] ?? '')) end += 1
  const next = text[end]
  const before = text[index - 1] ?? ''
  if (/[。！？…]/u.test(text[index] ?? '')) return { end, kind }
  if (next !== undefined) return /\s/u.test(next) || isSpaceless(next) ? { end, kind } : undefined
  const open = text[index] === '.' || /[\d\s]/u.test(before) || before === '' || isAddress(wordAt(text, index))
  return open ? undefined : { end, kind }
}

/** Not between the groups of a number, not after an abbreviation, not before the next word is known to begin. */
function blank(text: string, index: number): Boundary | undefined {
  const before = text[index - 1] ?? ''
  const next = text[index + 1]
  if (/\s/u.test(before) || before === '') return undefined
  const inNumber = /^[(+#$€£¥]*[\d$€£¥][\d.,:)-]*$/u.test(wordAt(text, index))
  if (inNumber && (next === undefined || /[\d\s(+]/u.test(next))) return undefined
  if (before === '.' && isAbbreviated(text, index - 1)) return undefined
  return { end: index + 1, kind: 'blank' }
}

function isAbbreviated(text: string, dot: number): boolean {
  const word = wordAt(text, dot)
    .toLowerCase()
    .replace(/^["'“‘(]/u, '')
  if (/^\d+$/u.test(word)) return (text.slice(0, dot).match(/(?:^|\n)\s*\d+$/u) ?? []).length > 0
  return abbreviations.has(word) || /^\p{L}$/u.test(word)
}

/** The run of non-blanks that ends before `index`. */
function wordAt(text: string, index: number): string {
  let start = index
  while (start > 0 && !/\s/u.test(text[start - 1] ?? '')) start -= 1
  return text.slice(start, index)
}

const isAddress = (word: string): boolean => /:\/\/|@|^www\./iu.test(word) || /:$|^https?$/iu.test(word)
