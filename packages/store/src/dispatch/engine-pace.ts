/** An INVITE may leave for this long after its slot began. Taste; an engine that needs longer takes longer slots. */
export const leastLateMs = 100

/**
 * The longest that an engine may need: it holds up the trunk for as long, for all engines. One that is slower than this dials
 * nothing. Taste.
 */
export const mostLateMs = 1_000

/** Of a slot, for the way from the last look at the clock to the wire: an engine stands still for less, or is late. Taste. */
const handOverMs = 10

/** When a slot is over for those who are about to dial. Instants of one monotonic clock. */
export const dialBefore = (slotBeganMs: number, lateMs: number): number => slotBeganMs + lateMs - handOverMs

/** What an engine trusts itself with. */
export interface EnginePace {
  /** Calls that it has between claim and INVITE at a time. */
  readonly atOnce: number
  /** How late it may be in the slots it takes. */
  readonly lateMs: number
}

/** Taste; it finds its own within a few calls. */
export const firstPace: EnginePace = { atOnce: 4, lateMs: leastLateMs }
const mostAtOnce = 32

/**
 * By what became of a call that was claimed at the pace `claimed` and was on the point of being dialled `tookMs` after its
 * slot's begin. Too late: half as many at once; if it was alone, slots of twice the lateness. In time: one more at once, and
 * half the lateness when that would have been enough.
 */
export function nextPace(current: EnginePace, claimed: EnginePace, tookMs: number): EnginePace {
  const { atOnce, lateMs } = current
  if (tookMs <= dialBefore(0, claimed.lateMs)) {
    const isHalfEnough = tookMs <= dialBefore(0, lateMs / 2)
    return {
      atOnce: Math.min(atOnce + 1, mostAtOnce),
      lateMs: isHalfEnough ? Math.max(lateMs / 2, leastLateMs) : lateMs,
    }
  }
  // Of many that are late together each says the same.
  if (claimed.atOnce > 1) return { atOnce: Math.min(atOnce, Math.floor(claimed.atOnce / 2)), lateMs }
  return { atOnce, lateMs: Math.max(lateMs, Math.min(2 * claimed.lateMs, mostLateMs)) }
}
