import { digitsIn, joinWords } from './digit-words.ts'

/** A digit, a Han character, a word, or what lies between. */
const tokens = /\p{Nd}|\p{Script=Han}|[\p{L}\p{M}’']+|[^\p{Nd}\p{L}]+/gu
/** What may stand within a number. A colon may not: times are no secrets. */
const separator = /^[\s,.\-–/()]+$/u

/** Of how much a text tells: a number at the end of a `beginning`, or at either end of a `part`, may be longer than it looks. */
export type TextExtent = 'whole' | 'beginning' | 'part'

/**
 * Puts a `*` in place of each digit of every run of at least `minDigits`, as figures or as words ("four one double two"):
 * card numbers, ids, telephone numbers, birth dates. Shorter runs stay, but for those that may be longer.
 */
export function maskDigits(text: string, minDigits: number, extent: TextExtent = 'whole'): string {
  const parts = text.match(tokens) ?? []
  let run: number[] = []
  let count = 0
  const masked = [...parts]
  const close = (mayBeLonger: boolean) => {
    if (count >= minDigits || mayBeLonger) for (const index of run) masked[index] = '*'
    run = []
    count = 0
  }
  let mayGoBack = extent === 'part'
  for (const [index, part] of parts.entries()) {
    const digits = digitsIn(part)
    if (digits > 0) {
      run.push(index)
      count += digits
    } else if (!separator.test(part) && !joinWords.has(part.toLowerCase())) {
      close(mayGoBack)
      mayGoBack = false
    }
  }
  close(mayGoBack || extent !== 'whole')
  return masked.join('')
}
