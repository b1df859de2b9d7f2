const words = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}' ]/gu, ' ')
    .trim()
    .split(/\s+/)
    .filter(Boolean)

/** Words to put in, take out or change until `said` reads as `reference`, and how many words that has. */
export function wordErrors(reference: string, said: string): { readonly errors: number; readonly words: number } {
  const [expected, found] = [words(reference), words(said)]
  let row = Array.from({ length: found.length + 1 }, (_, column) => column)
  for (const [index, word] of expected.entries()) {
    const next = [index + 1]
    for (const [column, other] of found.entries()) {
      const changed = (row[column] ?? 0) + (word === other ? 0 : 1)
      next.push(Math.min(changed, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1))
    }
    row = next
  }
  return { errors: row[found.length] ?? 0, words: expected.length }
}
