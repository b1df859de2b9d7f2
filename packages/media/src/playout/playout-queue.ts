import { frameSamples } from '@parley/core'

const maxQueuedSamples = 600 * 8000

/**
 * The samples of the live generation, waiting to be sent.
 *
 * Audio arrives faster than it leaves and is kept in the chunks it came in; `readFrame` hands out 20 ms at a time. A
 * frame is complete, or the last of an ended generation (then padded with silence).
 */
export class PlayoutQueue {
  /** -1: no generation is live. */
  generation = -1
  playedSamples = 0
  dropped = 0
  private chunks: Int16Array[] = []
  private offset = 0
  private queued = 0
  private ended = false
  private gain = 1
  private targetGain = 1

  begin(generation: number): void {
    this.clear()
    this.generation = generation
    this.playedSamples = 0
    this.gain = 1
    this.targetGain = 1
  }

  /** Keeps `samples`. */
  write(samples: Int16Array): void {
    if (this.ended) return
    if (this.queued + samples.length > maxQueuedSamples) {
      this.dropped += samples.length
      return
    }
    if (samples.length === 0) return
    this.chunks.push(samples)
    this.queued += samples.length
  }

  end(): void {
    this.ended = true
  }

  /** Drops what is queued; no generation is live afterwards. */
  flush(): void {
    this.clear()
    this.generation = -1
  }

  duck(gainDb: number): void {
    this.targetGain = 10 ** (gainDb / 20)
  }

  get hasFrame(): boolean {
    return this.queued >= frameSamples || (this.ended && this.queued > 0)
  }

  get isFinished(): boolean {
    return this.generation >= 0 && this.ended && this.queued === 0
  }

  /** Fills `into` (160 samples). Call only when `hasFrame`. */
  readFrame(into: Int16Array): void {
    let filled = 0
    while (filled < frameSamples) {
      const chunk = this.chunks[0]
      if (chunk === undefined) break
      const count = Math.min(frameSamples - filled, chunk.length - this.offset)
      for (let i = 0; i < count; i += 1) into[filled + i] = chunk[this.offset + i] as number
      filled += count
      this.offset += count
      if (this.offset === chunk.length) {
        this.chunks.shift()
        this.offset = 0
      }
    }
    this.queued -= filled
    this.playedSamples += filled
    into.fill(0, filled)
    this.applyGain(into)
  }

  /** The step from one gain to another is spread over the frame. */
  private applyGain(frame: Int16Array): void {
    if (this.gain === 1 && this.targetGain === 1) return
    const step = (this.targetGain - this.gain) / frameSamples
    let gain = this.gain
    for (let i = 0; i < frameSamples; i += 1) {
      gain += step
      const value = (frame[i] as number) * gain
      frame[i] = Math.max(-32_768, Math.min(32_767, Math.round(value)))
    }
    this.gain = this.targetGain
  }

  private clear(): void {
    this.chunks = []
    this.offset = 0
    this.queued = 0
    this.ended = false
  }
}
