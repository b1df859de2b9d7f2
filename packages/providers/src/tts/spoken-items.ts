import { VoiceError } from '@parley/core'

/** A text with its place among all texts. */
export interface SpokenItem {
  readonly item: number
  readonly words: string
}

/** Something that cannot be silent when it is spoken. */
export const speakable = /[\p{L}\p{N}]/u

/** Without those of which nothing can be said, which services refuse; they are counted all the same. */
export async function* spokenItems(texts: AsyncIterable<string>): AsyncGenerator<SpokenItem> {
  let item = 0
  for await (const words of texts) {
    if (speakable.test(words)) yield { item, words }
    item += 1
  }
}

/** `error` as it is told when part of the item was heard: said again from the start, that would be heard twice. */
export function afterPart(error: unknown): unknown {
  if (!(error instanceof VoiceError)) return error
  return new VoiceError(error.code, { cause: error, retryable: false, detail: 'after part of the audio' })
}
