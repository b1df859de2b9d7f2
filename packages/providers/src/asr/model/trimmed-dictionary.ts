import { pronounce } from './letter-to-sound.ts'

/**
 * The lines of `full` (CMU dictionary text) for `words`, alternatives included; words it lacks get a guessed
 * pronunciation. Loading the full dictionary takes a second, the trimmed one a few milliseconds.
 */
export function trimmedDictionary(full: string, words: ReadonlySet<string>): string {
  const found = new Set<string>()
  const lines: string[] = []
  for (let at = 0; at < full.length; ) {
    const end = full.indexOf('\n', at)
    const stop = end < 0 ? full.length : end
    const space = full.indexOf(' ', at)
    const entry = full.slice(at, Math.min(space < 0 ? stop : space, stop))
    const bracket = entry.indexOf('(')
    const word = bracket > 0 ? entry.slice(0, bracket) : entry
    if (words.has(word)) {
      found.add(word)
      lines.push(full.slice(at, stop).trimEnd())
    }
    at = stop + 1
  }
  for (const word of words) if (!found.has(word)) lines.push(`${word} ${pronounce(word)}`)
  return `${lines.join('\n')}\n`
}
