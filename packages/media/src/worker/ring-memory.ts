import { playoutRingBytes } from './playout-ring.ts'
import { uplinkRingBytes } from './uplink-ring.ts'

/** Shared memory of one leg: its audio up, and its audio down. */
export interface RingMemory {
  readonly uplink: SharedArrayBuffer
  readonly playout: SharedArrayBuffer
}

/** Pairs that wait for the next leg at most: 150 KB each. */
const maxSpare = 64

/**
 * Lends shared memory to legs, one after the other. A thread frees shared memory only when its own heap is collected, and
 * the media thread, which allocates next to nothing, seldom is: without this the memory of hundreds of finished calls
 * stays.
 */
export class RingMemoryPool {
  private readonly spare: RingMemory[] = []

  /** All zero. */
  take(): RingMemory {
    const memory = this.spare.pop()
    if (!memory) {
      return { uplink: new SharedArrayBuffer(uplinkRingBytes), playout: new SharedArrayBuffer(playoutRingBytes) }
    }
    new Uint8Array(memory.uplink).fill(0)
    new Uint8Array(memory.playout).fill(0)
    return memory
  }

  /** Only once neither thread uses it any more. */
  giveBack(memory: RingMemory): void {
    if (this.spare.length < maxSpare) this.spare.push(memory)
  }
}
