import { frameSamples, type PcmChunk } from '@parley/core'

const slots = 256
const indexBytes = 16
const positionBytes = slots * 8
const write = 0
const read = 1

export const uplinkRingBytes = indexBytes + positionBytes + slots * frameSamples * 2
/** Frames joined into one chunk at most. */
const maxJoined = 50

/**
 * 20 ms frames from the media thread to the main thread, each with its media position: five seconds of them.
 *
 * ```
 *   [ write | read ][ position of each slot (float64) ][ 256 frames ]
 * ```
 * One writer, one reader. `push` on a full ring drops the frame; the reader sees the gap in the positions.
 */
export class UplinkRing {
  dropped = 0
  private readonly index: Int32Array
  private readonly positions: Float64Array
  private readonly frames: Int16Array

  constructor(memory: SharedArrayBuffer) {
    this.index = new Int32Array(memory, 0, 2)
    this.positions = new Float64Array(memory, indexBytes, slots)
    this.frames = new Int16Array(memory, indexBytes + positionBytes, slots * frameSamples)
  }

  push(frame: Int16Array, startSample: number): void {
    const at = Atomics.load(this.index, write)
    if (((at - Atomics.load(this.index, read)) | 0) >= slots) {
      this.dropped += 1
      return
    }
    const slot = (at >>> 0) % slots
    this.positions[slot] = startSample
    this.frames.set(frame, slot * frameSamples)
    Atomics.store(this.index, write, (at + 1) | 0)
  }

  /** The frames that follow each other without a gap, as one chunk; `undefined` when there are none. */
  take(): PcmChunk | undefined {
    const from = Atomics.load(this.index, read)
    const available = (Atomics.load(this.index, write) - from) | 0
    if (available <= 0) return undefined
    const start = this.positions[(from >>> 0) % slots] as number
    let count = 1
    while (count < available && count < maxJoined) {
      if (this.positions[((from + count) >>> 0) % slots] !== start + count * frameSamples) break
      count += 1
    }
    const samples = new Int16Array(count * frameSamples)
    for (let i = 0; i < count; i += 1) {
      const slot = ((from + i) >>> 0) % slots
      samples.set(this.frames.subarray(slot * frameSamples, (slot + 1) * frameSamples), i * frameSamples)
    }
    Atomics.store(this.index, read, (from + count) | 0)
    return { samples, mediaMs: start / 8 }
  }
}
