/** What the simulated callers say, in this order, on every call. */
export interface SimulatedUtterance {
  readonly words: readonly SimulatedWord[]
  /** Silences within, after the onset of the voice. */
  readonly pauses?: readonly { readonly fromMs: number; readonly toMs: number }[]
  /** From the onset of the voice to the last sample of speech. */
  readonly durationMs: number
  /** The first word names connection and turn. Not where the words themselves decide what happens. Default: it does. */
  readonly isTagged?: boolean
  /** What the language model does instead of answering. */
  readonly reaction?: Reaction
}

/** `endMs`: after the onset of the voice. */
interface SimulatedWord {
  readonly text: string
  readonly endMs: number
}

export type Reaction =
  | { readonly kind: 'toolCall'; readonly name: string; readonly arguments: string }
  | { readonly kind: 'error'; readonly status: number }

/**
 * First word of every utterance as recognised: says whose it is. Each call is its own connection to the recogniser,
 * so an answer to the wrong caller or to an old turn cannot be mistaken.
 */
export const speakerTag = (connection: number, turn: number) => `c${connection}t${turn}`

/** The last tag in a text, if any. */
export function findSpeakerTag(text: string): { readonly connection: number; readonly turn: number } | undefined {
  const last = [...text.matchAll(/\bc(\d+)t(\d+)\b/gi)].at(-1)
  return last ? { connection: Number(last[1]), turn: Number(last[2]) } : undefined
}
