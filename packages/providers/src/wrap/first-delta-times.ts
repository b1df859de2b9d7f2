/** Replies looked back on, and how many there must be before a quantile means something. Taste. */
const windowReplies = 50
const leastReplies = 8
/** A second request sooner than this would be sent for nothing but jitter. Taste. */
const leastMs = 150
/** Models remembered; the one that was not asked for the longest time is forgotten first. */
const maxModels = 256

/** How long one model took to its first delta, over the calls of this process, and what hedging did about it. */
export class FirstDeltaTimes {
  /** Second requests sent, and how many of them were first to answer. */
  hedged = 0
  hedgeWon = 0
  private readonly timesMs: number[] = []

  add(ms: number): void {
    this.timesMs.push(ms)
    if (this.timesMs.length > windowReplies) this.timesMs.shift()
  }

  /** The 90th percentile of the window (nearest rank); undefined as long as too little is known. */
  get slowMs(): number | undefined {
    if (this.timesMs.length < leastReplies) return undefined
    const sorted = this.timesMs.toSorted((a, b) => a - b)
    return Math.max(leastMs, sorted[Math.ceil(0.9 * sorted.length) - 1] as number)
  }
}

/** The times of each model. */
export class FirstDeltaBook {
  private readonly models = new Map<string, FirstDeltaTimes>()

  of(model: string): FirstDeltaTimes {
    const times = this.models.get(model) ?? new FirstDeltaTimes()
    this.models.delete(model)
    this.models.set(model, times)
    const [oldest] = this.models.keys()
    if (this.models.size > maxModels && oldest !== undefined) this.models.delete(oldest)
    return times
  }
}
