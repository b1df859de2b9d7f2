import type { AudioDecoder } from '../codec/codec.ts'

/** What a packet holds: audio for its decoder, comfort noise, or nothing that is heard (an event). */
export type PacketContent = AudioDecoder | 'noise' | 'nothing'

/** One waiting packet. */
export interface ReorderSlot {
  sequence: number
  occupied: boolean
  timestamp: number
  marker: boolean
  content: PacketContent
  length: number
  arrivedAtMs: number
  readonly payload: Uint8Array
}

export const maxPayloadBytes = 960
const slotCount = 8
/** A missing packet may be overtaken by this many others before it is given up. */
const maxOvertakers = 2
const maxWaitMs = 40

/**
 * Puts packets back in order with the least wait: nothing waits unless an earlier packet is missing, and then for two
 * packets or 40 ms at most. This is not a playout buffer; frames leave as soon as order allows.
 *
 * ```
 *   expected
 *      v
 *   [  .  ][ 101 ][ 102 ][  .  ] ...   101, 102 wait for 100
 * ```
 * `put` copies; slots returned by `take` are valid until the next `put`.
 */
export class ReorderWindow {
  late = 0
  private expected = -1
  private waiting = 0
  private readonly slots: ReorderSlot[] = Array.from({ length: slotCount }, () => ({
    sequence: -1,
    occupied: false,
    timestamp: 0,
    marker: false,
    content: 'nothing',
    length: 0,
    arrivedAtMs: 0,
    payload: new Uint8Array(maxPayloadBytes),
  }))

  /** True when `sequence` lies beyond the window; `take` with `force` until it is empty, then put. */
  isBeyond(sequence: number): boolean {
    return this.waiting > 0 && sequence - this.expected >= slotCount
  }

  /** Copies `from[start..end)`. A packet whose turn has passed, or a duplicate, is counted in `late` and dropped. */
  put(
    sequence: number,
    timestamp: number,
    marker: boolean,
    content: PacketContent,
    from: Uint8Array,
    start: number,
    end: number,
    nowMs: number,
  ): void {
    if (this.expected < 0) this.expected = sequence
    const slot = this.slots[sequence % slotCount] as ReorderSlot
    if (sequence < this.expected || (slot.occupied && slot.sequence === sequence)) {
      this.late += 1
      return
    }
    const length = end - start
    for (let i = 0; i < length; i += 1) slot.payload[i] = from[start + i] as number
    slot.sequence = sequence
    slot.occupied = true
    slot.timestamp = timestamp
    slot.marker = marker
    slot.content = content
    slot.length = length
    slot.arrivedAtMs = nowMs
    this.waiting += 1
  }

  /** The next packet in order, or `undefined` while one is missing and may still come. */
  take(nowMs: number, force: boolean): ReorderSlot | undefined {
    if (this.waiting === 0) return undefined
    const next = this.slots[this.expected % slotCount] as ReorderSlot
    if (next.occupied && next.sequence === this.expected) return this.release(next)
    const first = this.earliest()
    if (first === undefined) return undefined
    const waitedMs = nowMs - first.arrivedAtMs
    if (!force && this.waiting <= maxOvertakers && waitedMs < maxWaitMs) return undefined
    return this.release(first)
  }

  /** Forgets everything; the next packet put is the first. */
  reset(): void {
    this.expected = -1
    this.waiting = 0
    for (const slot of this.slots) slot.occupied = false
  }

  private release(slot: ReorderSlot): ReorderSlot {
    this.expected = slot.sequence + 1
    slot.occupied = false
    this.waiting -= 1
    return slot
  }

  private earliest(): ReorderSlot | undefined {
    let best: ReorderSlot | undefined
    for (const slot of this.slots) {
      if (slot.occupied && (best === undefined || slot.sequence < best.sequence)) best = slot
    }
    return best
  }
}
