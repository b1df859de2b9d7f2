import type { Logger } from '@parley/core'
import { EnergyModel } from './energy-model.ts'
import type { VadTrack } from './vad-track.ts'
import type { VoiceModel } from './voice-model.ts'

const maxBatch = 64
const maxFailures = 5

/**
 * Runs the voice model over all streams of a worker. At each tick the windows that became ready go into one batch, so
 * the cost is shared and no window waits for the clock of another stream. At most one run is in flight. A model that
 * keeps failing is replaced by the energy of the signal: poor hearing is better than none.
 */
export class VoiceDetector {
  private model: VoiceModel
  private readonly logger: Logger
  private readonly tracks = new Set<VadTrack>()
  private readonly batch: VadTrack[] = []
  private running: Promise<void> | undefined
  private failures = 0

  constructor(model: VoiceModel, logger: Logger) {
    this.model = model
    this.logger = logger
  }

  add(track: VadTrack): void {
    this.tracks.add(track)
  }

  remove(track: VadTrack): void {
    track.close()
    this.tracks.delete(track)
  }

  poll(): void {
    if (this.running) return
    let count = 0
    for (const track of this.tracks) {
      if (!track.isReady) continue
      this.batch[count] = track
      count += 1
      if (count === maxBatch) break
    }
    if (count > 0) this.running = this.run(count)
  }

  /** Resolves when no run is in flight: the thread must not end before. */
  async idle(): Promise<void> {
    while (this.running) await this.running
  }

  private async run(count: number): Promise<void> {
    try {
      await this.model.judge(this.batch, count)
      this.failures = 0
    } catch (error) {
      this.onFailure(error)
    } finally {
      this.running = undefined
    }
  }

  private onFailure(error: unknown): void {
    this.failures += 1
    const isGivenUp = this.failures === maxFailures
    this.logger.error('voice detection failed', { error: String(error), isGivenUp })
    if (isGivenUp) this.model = new EnergyModel()
  }
}
