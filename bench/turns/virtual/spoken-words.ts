import type { SeededRandom } from '../../seeded-random.ts'
import type { Figures } from './figures.ts'

/** A word as it is spoken. `text`: bare; `mark`: the punctuation written after it, or ''. */
export interface SpokenWord {
  readonly text: string
  readonly mark: string
  /** Length without chance. */
  readonly ms: number
}

const han = /\p{Script=Han}/u
const pieces = /\p{Script=Han}{1,2}[，。！？、；：]?|[^\s\p{Script=Han}]+/gu
const trailing = /[.,;:!?，。！？、；：…]+$/u

const known = new Map<string, readonly SpokenWord[]>()

/** The words of a text and how long each takes. Han characters go in pairs. Remembered: texts repeat. */
export function spokenWords(text: string, { wordMs, letterMs, hanMs }: Figures['speech']): readonly SpokenWord[] {
  const cached = known.get(text)
  if (cached) return cached
  const words = (text.match(pieces) ?? []).map((piece): SpokenWord => {
    const mark = trailing.exec(piece)?.[0] ?? ''
    const bare = mark === '' ? piece : piece.slice(0, -mark.length)
    const ms = han.test(bare) ? hanMs * bare.length : Math.min(620, wordMs + letterMs * bare.length)
    return { text: bare, mark, ms }
  })
  known.set(text, words)
  return words
}

/** Joined as it is written: blanks between words but not between Han. */
export function writeWords(words: readonly string[]): string {
  let text = ''
  for (const word of words) {
    const needsBlank = text !== '' && !han.test(word) && !/[\p{Script=Han}，。！？、；：]$/u.test(text)
    text += needsBlank ? ` ${word}` : word
  }
  return text
}

/** A length with the speaker's spread. */
export function spread(ms: number, share: number, random: SeededRandom): number {
  return share === 0 ? ms : ms * (1 + (random.next() * 2 - 1) * share)
}

/** A delay with log-normal jitter. */
export function delayed(ms: number, sigma: number, random: SeededRandom): number {
  return sigma === 0 ? ms : ms * Math.exp(sigma * random.normal())
}

export const between = (range: readonly [number, number], random: SeededRandom): number =>
  range[0] + random.next() * (range[1] - range[0])
