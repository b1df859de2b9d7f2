/** A stretch of a chunk; the voice says `spoken` for what is written as `text`. */
export interface SpokenPiece {
  readonly text: string
  readonly spoken: string
}

/**
 * One item for a voice: the words as they were written, and as they are said ("$5", "five dollars"). The synthesizer
 * gets `spoken`, the history `text`. The pieces of each, joined, are the whole; one whose sides differ is heard as a
 * whole or not at all.
 */
export interface TextChunk {
  readonly text: string
  readonly spoken: string
  readonly pieces: readonly SpokenPiece[]
}

export function chunkOf(pieces: readonly SpokenPiece[]): TextChunk {
  return {
    text: pieces.map(({ text }) => text).join(''),
    spoken: pieces.map(({ spoken }) => spoken).join(''),
    pieces,
  }
}

/** Said as it is written. */
export const verbatim = (text: string): TextChunk => chunkOf([{ text, spoken: text }])

/** Characters of `chunk.spoken` that are through when the first `end` characters of `chunk.text` are. */
export function spokenEnd({ pieces }: TextChunk, end: number): number {
  let written = 0
  let said = 0
  for (const { text, spoken } of pieces) {
    if (written >= end) break
    said += text === spoken ? Math.min(text.length, end - written) : spoken.length
    written += text.length
  }
  return said
}
