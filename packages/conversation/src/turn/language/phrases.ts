import { tokensOf } from './tokens.ts'

/** Phrases ready to be compared with tokens. `suffixes` are entries written "-ed": the end of a single word. */
export interface Phrases {
  readonly keys: ReadonlySet<string>
  /** Most tokens of the phrases that begin with a token. */
  readonly heads: ReadonlyMap<string, number>
  readonly suffixes: readonly string[]
  /** Tokens of the longest phrase. */
  readonly longest: number
}

/** Compiles entries as a lexicon writes them. */
export function phrasesOf(entries: readonly string[]): Phrases {
  const keys = new Set<string>()
  const heads = new Map<string, number>()
  for (const entry of entries) {
    if (entry.startsWith('-')) continue
    const tokens = tokensOf(entry)
    const [head = ''] = tokens
    keys.add(tokens.join(' '))
    heads.set(head, Math.max(tokens.length, heads.get(head) ?? 0))
  }
  return {
    keys,
    heads,
    suffixes: entries.filter((entry) => entry.startsWith('-')).map((entry) => entry.slice(1)),
    longest: Math.max(0, ...heads.values()),
  }
}

/** The phrases of all. */
export function unionOf(all: readonly Phrases[]): Phrases {
  const heads = new Map<string, number>()
  for (const phrases of all) {
    for (const [head, count] of phrases.heads) heads.set(head, Math.max(count, heads.get(head) ?? 0))
  }
  return {
    keys: new Set(all.flatMap(({ keys }) => [...keys])),
    heads,
    suffixes: all.flatMap(({ suffixes }) => suffixes),
    longest: Math.max(0, ...all.map(({ longest }) => longest)),
  }
}

/** Tokens of the longest phrase that starts at `from`; 0: none. */
export function matchAt(tokens: readonly string[], phrases: Phrases, from: number): number {
  const word = tokens[from]
  if (word === undefined) return 0
  const most = Math.min(phrases.heads.get(word) ?? 0, tokens.length - from)
  for (let count = most; count > 0; count -= 1) {
    if (phrases.keys.has(keyOf(tokens, from, count))) return count
  }
  return phrases.suffixes.some((end) => word.length > end.length + 1 && word.endsWith(end)) ? 1 : 0
}

/** How a run of tokens is looked up. */
export const keyOf = (tokens: readonly string[], from: number, count: number): string =>
  count === 1 ? (tokens[from] ?? '') : tokens.slice(from, from + count).join(' ')

/** Tokens of the longest phrase at the end; 0: none. */
export function matchEnd(tokens: readonly string[], phrases: Phrases): number {
  for (let count = Math.min(phrases.longest, tokens.length); count > 1; count -= 1) {
    if (phrases.keys.has(keyOf(tokens, tokens.length - count, count))) return count
  }
  return tokens.length > 0 ? Math.min(1, matchAt(tokens, phrases, tokens.length - 1)) : 0
}

/** Index of the token after the first phrase found from `from` on; -1: there is none. */
export function findAfter(tokens: readonly string[], phrases: Phrases, from = 0): number {
  for (let index = from; index < tokens.length; index += 1) {
    const count = matchAt(tokens, phrases, index)
    if (count > 0) return index + count
  }
  return -1
}

/** Index of the token after the last phrase; -1: there is none. */
export function findLastAfter(tokens: readonly string[], phrases: Phrases): number {
  for (let index = tokens.length - 1; index >= 0; index -= 1) {
    const count = matchAt(tokens, phrases, index)
    if (count > 0) return index + count
  }
  return -1
}

/** The tokens are one or several of the phrases in a row and nothing else. No tokens are not. */
export function isMadeOf(tokens: readonly string[], phrases: Phrases): boolean {
  const reachable = new Set([0])
  for (let from = 0; from < tokens.length; from += 1) {
    if (!reachable.delete(from)) continue
    const most = Math.min(phrases.heads.get(tokens[from] ?? '') ?? 0, tokens.length - from)
    for (let count = 1; count <= most; count += 1) {
      if (phrases.keys.has(keyOf(tokens, from, count))) reachable.add(from + count)
    }
    if (reachable.size === 0) return false
  }
  return tokens.length > 0 && reachable.has(tokens.length)
}
