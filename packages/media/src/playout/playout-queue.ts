const maxQueuedSamples = 600 * 8000
/** Two seconds: a resumed generation may go back this far. */
const keptSamples = 16_000
/** 2 ms. Over 20 ms the first packet would be 5 dB down, and the second the first that anybody notices. */
const duckRampSamples = 16
/** 20 ms. */
const restoreRampSamples = 160
/** 5 ms, so that a word that begins in its middle does not click. */
const fadeInSamples = 40

/**
 * The samples of the live generation, waiting to be sent.
 *
 * Audio arrives faster than it leaves and is kept in the chunks it came in; `readFrame` hands out a packet at a time. A
 * frame is complete, or the last of an ended generation (then padded with silence).
 *
 * ```
 *   chunks   [ played, kept 2 s ][ played | queued ][ queued ]
 *                                         ^ next, offset
 * ```
 * Chunks stay until two seconds after they were played, so that `resume` can go back.
 */
export class PlayoutQueue {
  /** -1: no generation is live. */
  generation = -1
  playedSamples = 0
  dropped = 0
  private chunks: Int16Array[] = []
  /** The chunk that is read, and how much of it was. */
  private next = 0
  private offset = 0
  /** Samples in the chunks before `next`. */
  private kept = 0
  private queued = 0
  private ended = false
  private paused = false
  private gain = 1
  private targetGain = 1
  private fadeLeft = 0

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

  /** Gives no frame until `resume`; what is queued stays and more is taken. */
  pause(): void {
    this.paused = true
  }

  /**
   * Goes on at sample `fromSample`, clamped to the last two seconds played, at full gain and with a short fade-in.
   * Nothing happens when it is not paused.
   */
  resume(fromSample: number): void {
    if (!this.paused) return
    this.paused = false
    this.gain = 1
    this.targetGain = 1
    this.fadeLeft = fadeInSamples
    this.rewind(this.playedSamples - Math.max(fromSample, this.playedSamples - keptSamples))
  }

  duck(gainDb: number): void {
    this.targetGain = 10 ** (gainDb / 20)
  }

  /** A frame of `samples` waits, or the rest of an ended generation. */
  hasFrame(samples: number): boolean {
    if (this.paused) return false
    return this.queued >= samples || (this.ended && this.queued > 0)
  }

  get isFinished(): boolean {
    return this.generation >= 0 && this.ended && this.queued === 0 && !this.paused
  }

  /** Fills `into`, with silence at the end when the generation has no more. Call only when `hasFrame`. */
  readFrame(into: Int16Array): void {
    let filled = 0
    while (filled < into.length) {
      const chunk = this.chunks[this.next]
      if (chunk === undefined) break
      const count = Math.min(into.length - filled, chunk.length - this.offset)
      for (let i = 0; i < count; i += 1) into[filled + i] = chunk[this.offset + i] as number
      filled += count
      this.offset += count
      if (this.offset === chunk.length) this.leave(chunk)
    }
    this.queued -= filled
    this.playedSamples += filled
    into.fill(0, filled)
    this.applyGain(into)
    if (this.fadeLeft > 0) this.fadeIn(into)
  }

  /** `chunk` was read to its end. The oldest goes when the others are enough to go back. */
  private leave(chunk: Int16Array): void {
    this.next += 1
    this.offset = 0
    this.kept += chunk.length
    let oldest = this.chunks[0] as Int16Array
    while (this.kept - oldest.length >= keptSamples) {
      this.chunks.shift()
      this.next -= 1
      this.kept -= oldest.length
      oldest = this.chunks[0] as Int16Array
    }
  }

  private rewind(samples: number): void {
    let back = Math.max(0, Math.min(Math.round(samples), this.kept + this.offset))
    this.queued += back
    this.playedSamples -= back
    while (back > this.offset) {
      back -= this.offset
      this.next -= 1
      this.offset = (this.chunks[this.next] as Int16Array).length
      this.kept -= this.offset
    }
    this.offset -= back
  }

  /** Down within 2 ms, so that the packet as a whole is quiet already; up over 20 ms, or the frame if that is shorter. */
  private applyGain(frame: Int16Array): void {
    if (this.gain === 1 && this.targetGain === 1) return
    const rampSamples = this.targetGain < this.gain ? duckRampSamples : restoreRampSamples
    const step = (this.targetGain - this.gain) / Math.min(rampSamples, frame.length)
    let gain = this.gain
    for (let i = 0; i < frame.length; i += 1) {
      if (i < rampSamples) gain += step
      const value = (frame[i] as number) * gain
      frame[i] = Math.max(-32_768, Math.min(32_767, Math.round(value)))
    }
    this.gain = this.targetGain
  }

  private fadeIn(frame: Int16Array): void {
    for (let i = 0; i < this.fadeLeft; i += 1) {
      frame[i] = Math.round(((frame[i] as number) * (i + 0.5)) / fadeInSamples)
    }
    this.fadeLeft = 0
  }

  private clear(): void {
    this.chunks = []
    this.next = 0
    this.offset = 0
    this.kept = 0
    this.queued = 0
    this.ended = false
    this.paused = false
    this.fadeLeft = 0
  }
}
