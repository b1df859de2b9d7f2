export type KeySource = 'media' | 'signalling'

/** A peer that sends a key twice does so within this time. Taste. */
const withinMs = 1000

interface Heard {
  readonly key: string
  readonly source: KeySource
  readonly atMs: number
}

/**
 * Tells the second copy of a key from a second key, for peers that send each by media (RFC 4733 or tones) and by
 * signalling (SIP INFO). A key that came the other way a moment ago, and whose copy has not come yet, is that copy;
 * what comes twice the same way was pressed twice.
 */
export class KeyDedupe {
  /** Keys whose copy may still come, oldest first. */
  private waiting: Heard[] = []

  /** False: it is a copy. `atMs`: monotonic clock. */
  isNew(key: string, source: KeySource, atMs: number): boolean {
    this.waiting = this.waiting.filter((heard) => atMs - heard.atMs < withinMs)
    const copied = this.waiting.findIndex((heard) => heard.key === key && heard.source !== source)
    if (copied >= 0) {
      this.waiting.splice(copied, 1)
      return false
    }
    this.waiting.push({ key, source, atMs })
    return true
  }
}
