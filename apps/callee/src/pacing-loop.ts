import { nowNs, nsPerMs } from './monotonic-clock.ts'

/** Something that sends a packet each 20 ms. `dueNs` is its next deadline; `tick` must move it on. */
export interface Paced {
  readonly dueNs: number
  tick(nowNs: number): void
}

/** Timers fire up to this much early against the monotonic clock; waiting once more would cost a whole millisecond. */
const earlyNs = 0.3 * nsPerMs
/** After a long stall a stream catches up at most this many packets at once. */
const catchUpLimit = 50

/**
 * One timer for the media of all calls. Deadlines belong to the members and are computed from the start of each
 * stream, so a late wake-up never shifts what follows.
 */
export class PacingLoop {
  readonly #members = new Set<Paced>()
  #timer: NodeJS.Timeout | undefined

  add(member: Paced): void {
    this.#members.add(member)
    this.#arm()
  }

  remove(member: Paced): void {
    this.#members.delete(member)
    if (this.#members.size === 0) this.#disarm()
  }

  #disarm(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #arm(): void {
    this.#disarm()
    let earliestNs = Number.POSITIVE_INFINITY
    for (const member of this.#members) earliestNs = Math.min(earliestNs, member.dueNs)
    if (earliestNs === Number.POSITIVE_INFINITY) return
    const waitMs = Math.max(1, Math.floor((earliestNs + earlyNs - nowNs()) / nsPerMs))
    this.#timer = setTimeout(() => this.#wake(), waitMs)
  }

  #wake(): void {
    for (const member of this.#members) {
      for (let count = 0; count < catchUpLimit; count += 1) {
        const now = nowNs()
        if (member.dueNs - earlyNs > now || !this.#members.has(member)) break
        member.tick(now)
      }
    }
    this.#arm()
  }
}
