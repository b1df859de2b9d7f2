import type { SpokenPiece } from '../text-chunk.ts'

/** A match of a rule and what stands around it. */
export interface Found {
  readonly text: string
  /** Named groups of the pattern; one that took no part is ''. */
  readonly part: (name: string) => string
  /** Up to 32 characters before the match and 16 after it. */
  readonly before: string
  readonly after: string
}

/** One way of writing that is said otherwise. */
export interface SpeechRule {
  /** Sticky. */
  readonly pattern: RegExp
  /** Undefined: not what it looked like; the next rule is asked. */
  say(found: Found): string | undefined
}

/** A language: its rules, the more particular form first, and (sticky) all that any of them can begin with. */
export interface SpeechRules {
  readonly starts: RegExp
  readonly rules: readonly SpeechRule[]
}

const beforeCharacters = 32
const afterCharacters = 16

/** A word of letters and digits that no rule knows: nothing inside it is looked at ("B2B", "v2.1"). */
const word = /(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{M}\p{N}])+(?:\.\d+)*|./suy

/** The flags of `pattern` are `u`, perhaps `i`. */
export function speechRule(pattern: RegExp | string, say: SpeechRule['say']): SpeechRule {
  const source = typeof pattern === 'string' ? pattern : pattern.source
  const ignoreCase = typeof pattern !== 'string' && pattern.ignoreCase
  return { pattern: new RegExp(source, ignoreCase ? 'iuy' : 'uy'), say }
}

/**
 * What a voice says for `text`, piece by piece, by the first rule that fits at each word. `before` is the text that was
 * said already: rules look back into it.
 */
export function verbalise(text: string, before: string, { rules, starts }: SpeechRules): readonly SpokenPiece[] {
  const input = before + text
  const pieces: SpokenPiece[] = []
  let plain = before.length
  const flush = (end: number) => {
    if (end > plain) pieces.push({ text: input.slice(plain, end), spoken: input.slice(plain, end) })
  }
  for (let index = before.length; index < input.length; ) {
    starts.lastIndex = index
    const piece = starts.test(input) ? pieceAt(input, index, rules) : undefined
    if (piece === undefined) {
      word.lastIndex = index
      index += word.exec(input)?.[0].length ?? 1
      continue
    }
    flush(index)
    pieces.push(piece)
    index += piece.text.length
    plain = index
  }
  flush(input.length)
  return pieces
}

function pieceAt(input: string, index: number, rules: readonly SpeechRule[]): SpokenPiece | undefined {
  for (const { pattern, say } of rules) {
    pattern.lastIndex = index
    const match = pattern.exec(input)
    if (!match || match[0] === '') continue
    const text = match[0]
    const end = index + text.length
    const spoken = say({
      text,
      part: (name) => match.groups?.[name] ?? '',
      before: input.slice(Math.max(0, index - beforeCharacters), index),
      after: input.slice(end, end + afterCharacters),
    })
    if (spoken !== undefined) return { text, spoken }
  }
  return undefined
}

/** `word` with blanks towards words that touch it. */
export function apart(word: string, { before, after }: Found): string {
  const head = /[^\s("“'‘（，。！？；：、]$/u.test(before) ? ' ' : ''
  return `${head}${word}${/^[^\s.,;:!?)"”'’），。！？；：、]/u.test(after) ? ' ' : ''}`
}

/** `word` for an abbreviation, with its dot if that ended the sentence too. */
export function withDot(word: string, { text, after }: Found): string {
  return text.endsWith('.') && (/^\s*$/u.test(after) || /^(?:\n| (?=\p{Lu}))/u.test(after)) ? `${word}.` : word
}
