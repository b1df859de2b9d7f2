/**
 * Lower-case words without punctuation, apostrophes kept ("i'd"). Han, kana and Hangul are cut into characters: their
 * endings matter and blanks say little. Hyphens part words, so "uh-huh" and "uh huh" are the same.
 */
export function tokensOf(text: string): readonly string[] {
  if (plainPattern.test(text) && !repeatPattern.test(text)) return text.split(' ')
  const words = text.normalize('NFKC').replace(/[’‘`]/gu, "'").toLowerCase().match(tokenPattern) ?? []
  return words.map((word) => word.replace(/(\p{L})\1{2,}/gu, '$1'))
}

/** The text without what recognisers write for noises ("[laughter]", "(coughs)") and without written laughter. */
export const withoutNoises = (text: string): string =>
  text.normalize('NFKC').replace(labelPattern, ' ').replace(laughterPattern, ' ')

/** True for a character token of a script that sets no blanks between words, or whose words change their endings. */
export const isCharacter = (token: string): boolean => characterPattern.test(token)

/** Words by size: a word with blanks around it counts one, two characters of the other scripts count one. */
export function wordCount(tokens: readonly string[]): number {
  const characters = tokens.filter(isCharacter).length
  return tokens.length - characters + Math.ceil(characters / 2)
}

/** Already tokens, as most entries of a lexicon are. */
const plainPattern = /^[a-z]+(?: [a-z]+)*$/
const repeatPattern = /([a-z])\1\1/
const characterPattern = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー]$/v
const tokenPattern =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー]|[[\p{L}\p{M}\p{N}]--[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー]]+(?:'[[\p{L}\p{M}\p{N}]--[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー]]+)*/gv
/** A label holds letters only, and few: "(555)" is a part of a number. */
const labelPattern = /\[[\p{L}\s_\-]{1,30}\]|\([\p{L}\s_\-]{1,30}\)|<[\p{L}\s_\-]{1,30}>|\*[\p{L}\s_\-]{1,30}\*/gv
/** haha, jaja, hehehe, kkk, 哈哈, ㅋㅋ. */
const laughterPattern =
  /(?<!\p{L})(?:([hj][aei])\1+h?|k{3,}|rs(?:rs)+)(?!\p{L})|[哈呵嘿]{2,}|[ㅋㅎᄏᄒ]+|(?:하하)+|あ?はは(?:は)*/giu
