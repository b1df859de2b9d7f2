const maxHints = 500
const maxHintLength = 200
/** Longer texts are searched up to here. */
const maxTextLength = 100_000

/**
 * Sentences the caller is likely to hear, and so to answer in the words of: what the assistant was given to say and know.
 * `extra` are whole hints already and come first, as they were meant.
 */
export function recognitionHints(extra: readonly string[], texts: readonly string[]): readonly string[] {
  const hints = new Set<string>()
  for (const hint of [...extra, ...texts.flatMap(sentences)]) {
    const clean = hint.replace(/\s+/g, ' ').trim().slice(0, maxHintLength)
    if (clean !== '') hints.add(clean)
    if (hints.size >= maxHints) break
  }
  return [...hints]
}

/** Ends at punctuation that a blank follows (or any in Chinese), so that `3.5` and `a.com` stay whole. */
function sentences(text: string): readonly string[] {
  return text.slice(0, maxTextLength).split(/(?<=[.!?;:])\s+|[\r\n]+|(?<=[。！？；])/)
}
