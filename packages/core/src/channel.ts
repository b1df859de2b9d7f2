/** What a full channel does with the next item. */
export type FullPolicy = 'drop-oldest' | 'fail'

/**
 * A bounded queue with a single reader, the joint between an event source and an `async` loop.
 *
 * `push` never blocks. On a full channel it drops the oldest item and counts it (`'drop-oldest'`) or throws (`'fail'`).
 * Iteration ends after `close()` once the queue is drained, or throws the error given to `close`.
 */
export class Channel<T> implements AsyncIterable<T> {
  dropped = 0
  private readonly items: T[] = []
  private wake: (() => void) | undefined
  private closed = false
  private error: unknown
  private readonly capacity: number
  private readonly whenFull: FullPolicy

  constructor(capacity: number, whenFull: FullPolicy) {
    this.capacity = capacity
    this.whenFull = whenFull
  }

  get size(): number {
    return this.items.length
  }

  /** False when the channel is closed and the item was not taken. */
  push(item: T): boolean {
    if (this.closed) return false
    if (this.items.length >= this.capacity) {
      if (this.whenFull === 'fail') throw new Error(`channel is full (${this.capacity} items)`)
      this.items.shift()
      this.dropped += 1
    }
    this.items.push(item)
    this.wake?.()
    return true
  }

  close(error?: unknown): void {
    if (this.closed) return
    this.closed = true
    this.error = error
    this.wake?.()
  }

  async *[Symbol.asyncIterator](): AsyncIterator<T> {
    try {
      for (;;) {
        while (this.items.length > 0) yield this.items.shift() as T
        if (this.closed) {
          if (this.error !== undefined) throw this.error
          return
        }
        await new Promise<void>((resolve) => {
          this.wake = resolve
        })
        this.wake = undefined
      }
    } finally {
      this.closed = true
      this.items.length = 0
    }
  }
}
