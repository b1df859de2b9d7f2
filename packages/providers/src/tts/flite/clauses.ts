/** Phrases up to this many characters are spoken in one go (about 50 ms of work). */
const longestPhrase = 110
const shortestClause = 25

/**
 * Splits a long text where a speaker would breathe, so that its first part can be heard while the rest is made. Short
 * texts stay whole: splitting costs intonation. Joined with spaces the parts are the text.
 */
export function clausesOf(text: string): string[] {
  const clean = text.replace(/\s+/g, ' ').trim()
  if (clean.length <= longestPhrase) return clean ? [clean] : []
  const clauses: string[] = []
  let current = ''
  for (const piece of clean.split(/(?<=[,;:.!?])\s/)) {
    if (current.length >= shortestClause && current.length + piece.length > longestPhrase) {
      clauses.push(current)
      current = ''
    }
    current = current ? `${current} ${piece}` : piece
  }
  if (current.length < shortestClause && clauses.length > 0) clauses.push(`${clauses.pop()} ${current}`)
  else clauses.push(current)
  return clauses
}
