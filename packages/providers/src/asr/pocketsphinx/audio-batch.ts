import type { PcmChunk } from '@parley/core'

/** 100 ms at 8 kHz. */
const batchSamples = 800

/** Gathers chunks into batches of 100 ms, so that a thread is not woken for every frame. Copies what it is given. */
export class AudioBatch {
  private readonly buffer = new Int16Array(2 * batchSamples)
  private filled = 0
  private startMs = 0

  /** A full batch when this chunk completes one; also what came before a gap in media time. */
  add(chunk: PcmChunk): PcmChunk[] {
    const expectedMs = this.startMs + this.filled / 8
    const ready: PcmChunk[] = []
    if (this.filled > 0 && Math.abs(chunk.mediaMs - expectedMs) > 1) ready.push(...this.flush())
    if (this.filled === 0) this.startMs = chunk.mediaMs
    if (this.filled + chunk.samples.length > this.buffer.length) {
      ready.push(...this.flush(), { samples: chunk.samples.slice(), mediaMs: chunk.mediaMs })
      return ready
    }
    this.buffer.set(chunk.samples, this.filled)
    this.filled += chunk.samples.length
    if (this.filled >= batchSamples) ready.push(...this.flush())
    return ready
  }

  /** Zero or one batch: what is there. */
  flush(): PcmChunk[] {
    if (this.filled === 0) return []
    const batch = { samples: this.buffer.slice(0, this.filled), mediaMs: this.startMs }
    this.startMs += this.filled / 8
    this.filled = 0
    return [batch]
  }
}
