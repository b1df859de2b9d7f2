/** Small, language-blind questions about text. Han, kana and Hangul count by character, everything else by word. */

const spacelessPattern = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u
const wordPattern =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[^\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+/gu
const fillers = new Set('um uh er erm uhm ah eh em euh äh ähm öh えっと ええと あの 음 어'.split(' '))
const hanFillerPattern = /[嗯呃额]/gu

/** Zero to nineteen. */
export const smallNumbers: readonly string[] =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  )
/** Twenty to ninety. */
export const tens: readonly string[] = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')
/** 0 to 9. */
export const hanDigits = '零一二三四五六七八九'
const units = smallNumbers.slice(0, 10)
const teens = smallNumbers.slice(10)

export const isSpaceless = (character: string): boolean => spacelessPattern.test(character)

/** True when there is anything to answer: a letter or a digit. */
export const hasText = (text: string): boolean => /[\p{L}\p{N}]/u.test(text)

/** Lower-case words without punctuation; each character of a script without spaces is a word. */
export function wordsOf(text: string): readonly string[] {
  const words = text.normalize('NFKC').toLowerCase().match(wordPattern) ?? []
  return words.map(bare).filter((word) => word !== '')
}

/** Text without its last separators, joined as the script wants it: a blank between words, none between Han. */
export function joinText(left: string, right: string): string {
  const head = left.trimEnd()
  const tail = right.trimStart()
  if (head === '' || tail === '') return head + tail
  const blank = isSpaceless(head.at(-1) ?? '') || isSpaceless(tail[0] ?? '') || /[。，！？；：、]$/u.test(head)
  return blank ? head + tail : `${head} ${tail}`
}

/**
 * What two transcripts must share to be the same utterance: case, punctuation, blanks, fillers and the way numbers
 * are written do not count. Two results are only ever compared, never shown.
 */
export function normalise(text: string): string {
  const withDigits = text
    .normalize('NFKC')
    .replace(hanFillerPattern, '')
    .replace(/(\d)[,\s](?=\d)/gu, '$1')
  const words = hanNumbers(withDigits)
    .toLowerCase()
    .split(/[\s\-–—]+/u)
    .map(bare)
  return numberWords(words.filter((word) => word !== '' && !fillers.has(word))).join('')
}

const bare = (word: string): string => word.replace(/[^\p{L}\p{M}\p{N}]/gu, '')

/** 二十五 -> 25, 三 -> 3. Hundreds and more stay as they are: nobody writes them both ways in one utterance. */
function hanNumbers(text: string): string {
  const value = (digit: string | undefined, otherwise: number) => (digit ? hanDigits.indexOf(digit) : otherwise)
  return text
    .replace(/两/gu, '二')
    .replace(/([一二三四五六七八九])?十([一二三四五六七八九])?/gu, (_, ten, unit) =>
      String(value(ten, 1) * 10 + value(unit, 0)),
    )
    .replace(/[零一二三四五六七八九]/gu, (digit) => String(hanDigits.indexOf(digit)))
}

function numberWords(words: readonly string[]): readonly string[] {
  const out: string[] = []
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? ''
    const ten = tens.indexOf(word)
    const next = units.indexOf(words[index + 1] ?? '')
    if (ten >= 0) {
      out.push(String((ten + 2) * 10 + Math.max(0, next)))
      if (next > 0) index += 1
    } else if (teens.includes(word)) out.push(String(10 + teens.indexOf(word)))
    else if (units.includes(word)) out.push(String(units.indexOf(word)))
    else out.push(word)
  }
  return out
}
