import { digitsIn, joinWords } from './digit-words.ts'

/** A digit, a Han character, a word, or what lies between. */
const tokens = /\p{Nd}|\p{Script=Han}|[\p{L}\p{M}’']+|[^\p{Nd}\p{L}]+/gu
/** What may stand within a number. A colon may not: times are no secrets. */
const separator = /^[\s,.\-–/()]+$/u

/**
 * Puts a `*` in place of each digit of every run of at least `minDigits`, as figures or as words ("four one double two"):
 * card numbers, ids, telephone numbers, birth dates. Shorter runs stay.
 */
export function maskDigits(text: string, minDigits: number): string {
  const parts = text.match(tokens) ?? []
  let run: number[] = []
  let count = 0
  const masked = [...parts]
  const close = () => {
    if (count >= minDigits) for (const index of run) masked[index] = '*'
    run = []
    count = 0
  }
  for (const [index, part] of parts.entries()) {
    const digits = digitsIn(part)
    if (digits > 0) {
      run.push(index)
      count += digits
    } else if (!separator.test(part) && !joinWords.has(part.toLowerCase())) close()
  }
  close()
  return masked.join('')
}
