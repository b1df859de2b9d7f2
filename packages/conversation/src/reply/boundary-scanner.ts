import { wordsOf } from '../turn/words.ts'
import { type Boundary, boundaryAt } from './boundaries.ts'
import { speakable } from './speakable.ts'

/** A boundary and the words before it. */
export interface Mark extends Boundary {
  readonly words: number
}

/** A link or a tag that is longer, or does not end on its line, is none. */
const maxMarkupCharacters = 300

/** Markup whose end is awaited: the text of a link, its address, a tag. */
interface Open {
  readonly until: ']' | ')' | '>'
  readonly since: number
}

/**
 * Finds the boundaries of text that grows at its end and is cut off at its front. Each character is decided once;
 * a decision that needs more text waits for it.
 */
export class BoundaryScanner {
  text = ''
  marks: readonly Mark[] = []
  private decided = 0
  private open: Open | undefined

  append(text: string): void {
    this.text += text
    const found: Mark[] = []
    for (; this.decided < this.text.length; this.decided += 1) {
      const step = this.step(this.decided)
      if (step === 'open') break
      if (step) found.push(this.mark(step, found.at(-1) ?? this.marks.at(-1)))
    }
    if (found.length > 0) this.marks = [...this.marks, ...found]
  }

  /** Takes the text before `end`. */
  cut(end: number): string {
    const head = this.text.slice(0, end)
    const words = this.marks.findLast((mark) => mark.end <= end)?.words ?? 0
    this.text = this.text.slice(end)
    this.decided = Math.max(0, this.decided - end)
    this.open = this.open && this.open.since >= end ? { ...this.open, since: this.open.since - end } : undefined
    this.marks = this.marks.flatMap((mark) =>
      mark.end > end ? [{ ...mark, end: mark.end - end, words: mark.words - words }] : [],
    )
    return head
  }

  /** True inside a link or a tag. */
  get isInMarkup(): boolean {
    return this.open !== undefined
  }

  private step(index: number): ReturnType<typeof boundaryAt> {
    const character = this.text[index] ?? ''
    const next = this.text[index + 1]
    if (this.open && (character === '\n' || index - this.open.since > maxMarkupCharacters)) this.open = undefined
    if (this.open) {
      if (character !== this.open.until) return undefined
      if (character === ']' && next === undefined) return 'open'
      this.open = character === ']' && next === '(' ? { until: ')', since: index } : undefined
      return undefined
    }
    if (character === '[') this.open = { until: ']', since: index }
    if (character === '<' && next === undefined) return 'open'
    if (character === '<' && /[a-z/!]/iu.test(next ?? '')) this.open = { until: '>', since: index }
    return boundaryAt(this.text, index)
  }

  private mark(boundary: Boundary, last: Mark | undefined): Mark {
    const piece = this.text.slice(last?.end ?? 0, boundary.end)
    const words = wordsOf(/[<[&`*_]/u.test(piece) ? speakable(piece, false) : piece).length
    return { ...boundary, words: (last?.words ?? 0) + words }
  }
}
