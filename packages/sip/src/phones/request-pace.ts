import type { Clock } from '@parley/core'

/** Requests of one address. Taste: an office behind one address may come back at once after its power failed. */
const perSource = { burst: 100, perS: 20 }
/**
 * Requests of all addresses without a registered telephone. 32 s of it, the life of a transaction, are a third of the
 * transactions from which the stack begins to share out its room, so strangers cannot keep trunks out.
 */
const strangers = { burst: 200, perS: 100 }
/** Addresses whose pace is remembered. */
const maxSources = 10_000

interface Pace {
  readonly burst: number
  readonly perS: number
}

/**
 * How fast telephones, and whoever takes himself for one, may begin requests; what is above it is dropped without an answer.
 * Generic cell rate algorithm, ITU-T I.371.
 */
export class RequestPace {
  private readonly clock: Clock
  private readonly dueMs = new Map<string, number>()
  private strangersDueMs = Number.NEGATIVE_INFINITY

  constructor(clock: Clock) {
    this.clock = clock
  }

  /** Counts the request if it is within the pace. */
  admits(source: string, isKnown: boolean): boolean {
    const nowMs = this.clock.nowMs()
    const dueMs = this.dueMs.get(source) ?? nowMs
    if (isAhead(dueMs, perSource, nowMs) || (!isKnown && isAhead(this.strangersDueMs, strangers, nowMs))) return false
    if (!isKnown) this.strangersDueMs = next(this.strangersDueMs, strangers, nowMs)
    this.dueMs.delete(source)
    this.dueMs.set(source, next(dueMs, perSource, nowMs))
    const [oldest] = this.dueMs.keys()
    if (this.dueMs.size > maxSources && oldest !== undefined) this.dueMs.delete(oldest)
    return true
  }
}

const isAhead = (dueMs: number, { burst, perS }: Pace, nowMs: number) => dueMs - nowMs > ((burst - 1) * 1_000) / perS
const next = (dueMs: number, { perS }: Pace, nowMs: number) => Math.max(dueMs, nowMs) + 1_000 / perS
