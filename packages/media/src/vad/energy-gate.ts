import { frameSamples } from '@parley/core'
import { levelDb } from './level.ts'

/** Taste: ten decibels over the noise is speech-like, and nothing under -52 dBFS is. */
const overFloorDb = 10
const leastDb = -52
/** Quiet frames that end a loud stretch. */
const quietFrames = 5

/**
 * Finds the loud stretches of the uplink, frame by frame, against a floor that follows the noise. Quick and easily
 * fooled: it only dates the onset of speech that the neural detector confirms.
 */
export class EnergyGate {
  /** First sample of the present or last loud stretch; -1 before the first. */
  onsetSample = -1
  /** End of the last loud frame. */
  loudUntilSample = -1
  private floorDb = -60
  private quiet = quietFrames

  /** Level of the noise on the line, dBFS. */
  get noiseDb(): number {
    return this.floorDb
  }

  /** `isEcho`: the frame is no louder than our own voice that comes back; it is nobody's onset. */
  onFrame(frame: Int16Array, startSample: number, isEcho: boolean): void {
    const level = levelDb(frame, 0, frameSamples)
    const isLoud = level > leastDb && level > this.floorDb + overFloorDb
    this.floorDb += level < this.floorDb ? 0.2 * (Math.max(level, -75) - this.floorDb) : isLoud ? 0.01 : 0.06
    if (!isLoud || isEcho) {
      this.quiet += 1
      return
    }
    if (this.quiet >= quietFrames) this.onsetSample = startSample
    this.quiet = 0
    this.loudUntilSample = startSample + frameSamples
  }
}
