const lengths: Readonly<Record<number, readonly number[]>> = {
  6: [3, 3],
  7: [3, 4],
  8: [4, 4],
  9: [3, 3, 3],
  10: [3, 3, 4],
  11: [3, 4, 4],
}

/** A string of digits as people read it out: up to five at a stretch, longer ones in groups of three or four. */
export function digitGroups(digits: string): readonly string[] {
  if (digits.length <= 5) return [digits]
  const sizes = lengths[digits.length]
  // Nothing is left alone at the end.
  if (!sizes) return digits.match(/\d{3}(?=\d\d$)|\d{1,4}/gu) ?? []
  const groups: string[] = []
  let from = 0
  for (const size of sizes) {
    groups.push(digits.slice(from, from + size))
    from += size
  }
  return groups
}

/** Groups of digits with one separator between them, parentheses around some, a plus sign before. */
export const phonePattern = String.raw`(?<plus>\+ ?)?\(?\d{1,8}\)?(?:(?:[ .-]|(?<=\)))\(?\d{2,8}\)?){0,7}(?![A-Za-z\d])`

/**
 * The groups of a phone, card or order number; undefined if it is rather a quantity, a range or a list.
 * `expected`: the text before speaks of such a number.
 */
export function phoneGroups(text: string, expected: boolean): readonly string[] | undefined {
  const groups = text.match(/\d+/gu) ?? []
  const digits = groups.join('')
  const first = groups[0] ?? ''
  const last = groups.at(-1) ?? ''
  if (digits.length < 7 || digits.length > 24 || !balanced(text)) return undefined
  if (text.startsWith('+')) return groups.flatMap(digitGroups)
  if (groups.length === 1) return /^\(/u.test(text) ? undefined : expected ? digitGroups(digits) : undefined
  const separators = new Set(text.match(/(?<=\d)[ .-](?=\d)/gu))
  if (text.includes('(')) return groups.length > 1 && first.length >= 2 ? groups : undefined
  if (separators.has('.')) return separators.size === 1 && /^\d{3}\.\d{3}\.\d{4}$/u.test(text) ? groups : undefined
  if (separators.size > 1 && last.length !== 4) return undefined
  if (groups.length === 2) {
    const local = first.length === 3 && last.length === 4 && text.includes('-') && !text.endsWith('00')
    return local || (first.startsWith('0') && last.length >= 6) || expected ? groups : undefined
  }
  return groups.some(({ length }) => length >= 3)
    ? groups.flatMap((group) => (group.length > 5 ? digitGroups(group) : [group]))
    : undefined
}

const balanced = (text: string): boolean => /^[^()]*(?:\([^()]*\)[^()]*)*$/u.test(text)
