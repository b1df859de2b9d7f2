/** Something that will happen, unless it is cancelled. */
export interface Booking {
  readonly atMs: number
  readonly order: number
  act: (() => void) | null
}

/** A clock without waiting: what is booked happens in the order of its instants, equal instants in order of booking. */
export class VirtualTime {
  nowMs = 0
  private readonly heap: Booking[] = []
  private booked = 0

  /** `atMs` in the past means now. Infinity is never. */
  at(atMs: number, act: () => void): Booking {
    this.booked += 1
    const booking = { atMs: Math.max(atMs, this.nowMs), order: this.booked, act }
    if (atMs !== Number.POSITIVE_INFINITY) this.push(booking)
    return booking
  }

  cancel(booking: Booking | undefined): void {
    if (booking) booking.act = null
  }

  /** Lets everything up to `untilMs` happen, or until `isOver`. */
  run(untilMs: number, isOver: () => boolean): void {
    for (let next = this.heap[0]; next && next.atMs <= untilMs && !isOver(); next = this.heap[0]) {
      this.pop()
      if (!next.act) continue
      this.nowMs = next.atMs
      next.act()
    }
    if (!isOver()) this.nowMs = untilMs
  }

  private push(booking: Booking): void {
    const { heap } = this
    let at = heap.length
    heap.push(booking)
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = heap[parent] as Booking
      if (!isBefore(booking, above)) break
      heap[at] = above
      at = parent
    }
    heap[at] = booking
  }

  private pop(): void {
    const { heap } = this
    const last = heap.pop() as Booking
    if (heap.length === 0) return
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Booking, heap[child] as Booking)) child += 1
      if (!isBefore(heap[child] as Booking, last)) break
      heap[at] = heap[child] as Booking
      at = child
    }
    heap[at] = last
  }
}

function isBefore(one: Booking, other: Booking): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order)
}
