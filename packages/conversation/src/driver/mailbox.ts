/** Bounds a storm of events that cause each other: far above anything a call can have waiting. */
const capacity = 10_000

/** Runs each event to completion. What is posted meanwhile queues up. */
export class Mailbox<T> {
  private readonly waiting: T[] = []
  private readonly handle: (event: T) => void
  private busy = false
  private closed = false

  constructor(handle: (event: T) => void) {
    this.handle = handle
  }

  post(event: T): void {
    if (this.closed) return
    if (this.waiting.length >= capacity) throw new Error(`mailbox is full (${capacity} events)`)
    this.waiting.push(event)
    if (this.busy) return
    this.busy = true
    try {
      for (let next = this.waiting.shift(); next !== undefined && !this.closed; next = this.waiting.shift()) {
        this.handle(next)
      }
    } finally {
      this.busy = false
    }
  }

  /** Drops what waits and whatever comes. */
  close(): void {
    this.closed = true
    this.waiting.length = 0
  }
}
