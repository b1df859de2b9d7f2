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

/**
 * How late an engine may be in its next slots, by what became of a call: in a slot that allowed `lateMs`, it was on the point
 * of being dialled `tookMs` after the slot's begin. Doubled when that was too late, halved when half would have been enough.
 */
export function nextLateMs(currentMs: number, slot: { readonly lateMs: number; readonly tookMs: number }): number {
  if (slot.tookMs > dialBefore(0, slot.lateMs)) return Math.max(currentMs, Math.min(2 * slot.lateMs, mostLateMs))
  return slot.tookMs <= dialBefore(0, currentMs / 2) ? Math.max(currentMs / 2, leastLateMs) : currentMs
}
