/** Words as they are compared: lower case, no punctuation but apostrophes, single spaces. */
export function comparable(text: string): string {
  return text
    .toLowerCase()
    .replace(/[’‘]/g, "'")
    .replace(/[^\p{L}\p{N}']+/gu, ' ')
    .trim()
}

/**
 * A phrase of a rule as a regular expression over `comparable` text. It matches whole words anywhere in it; `{name}`
 * matches the longest entry of a list that fits and captures it. `/.../` is a regular expression as it stands.
 *
 * @throws Error when the expression is not valid or the list does not exist; the message says which.
 */
export function phrasePattern(phrase: string, lists: Readonly<Record<string, readonly string[]>>): RegExp {
  const expression = /^\/(.+)\/$/s.exec(phrase)
  if (expression) return new RegExp(expression[1] ?? '', 'iu')
  const parts = phrase.split(/\{(\w+)\}/)
  const seen = new Set<string>()
  const source = parts.map((part, index) => {
    if (index % 2 === 0) return literal(part)
    const entries = Object.hasOwn(lists, part) ? lists[part] : undefined
    if (!entries) throw new Error(`there is no list "${part}"`)
    const choices = entries
      .map(literal)
      .filter(Boolean)
      .sort((a, b) => b.length - a.length)
    if (seen.has(part)) return `(?:${choices.join('|')})`
    seen.add(part)
    return `(?<${part}>${choices.join('|')})`
  })
  const words = source.filter((part) => part !== '').join(' ')
  // Scripts without spaces between words (Chinese, Japanese) have no word edges to look for.
  if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(words)) return new RegExp(words, 'u')
  return new RegExp(`(?<![\\p{L}\\p{N}'])${words}(?![\\p{L}\\p{N}'])`, 'u')
}

function literal(text: string): string {
  return comparable(text).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
