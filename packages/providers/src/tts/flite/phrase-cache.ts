/** Finished speech by voice and text, least recently used first to go. Bounded in bytes; hands out copies. */
export class PhraseCache {
  private readonly entries = new Map<string, Int16Array>()
  private readonly maxBytes: number
  private bytes = 0

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes
  }

  get(voice: string, text: string): Int16Array | undefined {
    const key = `${voice}\n${text}`
    const samples = this.entries.get(key)
    if (!samples) return undefined
    this.entries.delete(key)
    this.entries.set(key, samples)
    return samples.slice()
  }

  /** Keeps a copy. A phrase larger than an eighth of the cache is not kept. */
  put(voice: string, text: string, samples: Int16Array): void {
    const key = `${voice}\n${text}`
    if (samples.byteLength > this.maxBytes / 8 || this.entries.has(key)) return
    this.entries.set(key, samples.slice())
    this.bytes += samples.byteLength
    for (const [oldest, value] of this.entries) {
      if (this.bytes <= this.maxBytes) break
      this.entries.delete(oldest)
      this.bytes -= value.byteLength
    }
  }
}
