import type { EndOfTurnModel, Logger, PcmChunk } from '@parley/core'
import { sampleRateHz } from '@parley/core'

/** What a model looks at. */
const windowSamples = 8 * sampleRateHz

/** Keeps the last seconds of the caller and asks an end-of-turn model about them. One question at a time. */
export class PauseJudge {
  private readonly model: EndOfTurnModel
  private readonly logger: Logger
  private readonly tell: (probability: number) => void
  private readonly ring = new Int16Array(windowSamples)
  private readonly stopping = new AbortController()
  private written = 0
  private asking = false
  private complained = false

  constructor(model: EndOfTurnModel, logger: Logger, tell: (probability: number) => void) {
    this.model = model
    this.logger = logger
    this.tell = tell
  }

  /** Copies the audio. */
  hear({ samples }: PcmChunk): void {
    const newest = samples.subarray(Math.max(0, samples.length - windowSamples))
    const at = this.written % windowSamples
    const head = Math.min(newest.length, windowSamples - at)
    this.ring.set(newest.subarray(0, head), at)
    this.ring.set(newest.subarray(head), 0)
    this.written += newest.length
  }

  /** A question while another is open is not asked: the pause will be judged again soon. */
  score(): void {
    if (this.asking || this.written === 0 || this.stopping.signal.aborted) return
    this.asking = true
    void this.ask()
  }

  stop(): void {
    this.stopping.abort()
  }

  private async ask(): Promise<void> {
    const { signal } = this.stopping
    try {
      const probability = await this.model.score(this.window(), signal)
      if (!signal.aborted && Number.isFinite(probability)) this.tell(Math.min(1, Math.max(0, probability)))
    } catch (error) {
      // Endpointing goes on without; a model that is always late would fill the log.
      if (!signal.aborted && !this.complained) this.logger.warn('end-of-turn model failed', { error: String(error) })
      this.complained = true
    } finally {
      this.asking = false
    }
  }

  /** In order, oldest first; only what was heard. */
  private window(): Int16Array {
    if (this.written <= windowSamples) return this.ring.slice(0, this.written)
    const at = this.written % windowSamples
    const audio = new Int16Array(windowSamples)
    audio.set(this.ring.subarray(at), 0)
    audio.set(this.ring.subarray(0, at), windowSamples - at)
    return audio
  }
}
