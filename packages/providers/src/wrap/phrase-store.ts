import type { SpeechChunk } from '@parley/core'

/** Bookkeeping of one entry beside its audio. Taste. */
const entryBytes = 128

/** Finished speech of one text. Samples are owned by whoever holds the phrase; readers are given copies. */
export type Phrase = Omit<SpeechChunk, 'item'>

/** Finished phrases, least recently used first to go. Bounded in bytes; what is larger than an eighth is not kept. */
export class PhraseStore {
  private readonly entries = new Map<string, Phrase>()
  private readonly maxBytes: number
  private bytes = 0

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes
  }

  has(key: string): boolean {
    return this.entries.has(key)
  }

  get(key: string): Phrase | undefined {
    const phrase = this.entries.get(key)
    if (!phrase) return undefined
    this.entries.delete(key)
    this.entries.set(key, phrase)
    return phrase
  }

  put(key: string, phrase: Phrase): void {
    const bytes = bytesOf(key, phrase)
    if (bytes > this.maxBytes / 8 || this.entries.has(key)) return
    this.entries.set(key, phrase)
    this.bytes += bytes
    for (const [oldest, value] of this.entries) {
      if (this.bytes <= this.maxBytes) break
      this.entries.delete(oldest)
      this.bytes -= bytesOf(oldest, value)
    }
  }
}

function bytesOf(key: string, { samples, words = [] }: Phrase): number {
  return entryBytes + 2 * key.length + samples.byteLength + 16 * words.length
}
