/** 5 ms at 8 kHz. */
const blockSamples = 40
/** Well above line noise (-69 dBFS), below the first sound of a clip. */
const thresholdDb = -45
/** A click is shorter. */
const blocksInARow = 4

/**
 * Follows the level of 8 kHz audio that comes in pieces of any size and finds where a voice begins. Used on clips and on
 * received audio alike, so that both agree on where that is.
 */
export class OnsetFollower {
  /** Samples seen. */
  position = 0
  private loud = 0
  private energy = 0
  private inBlock = 0

  /** Stream positions of the onsets in `samples`. */
  push(samples: Int16Array): number[] {
    const onsets: number[] = []
    for (const sample of samples) {
      this.energy += sample * sample
      this.inBlock += 1
      this.position += 1
      if (this.inBlock === blockSamples && this.endBlock()) onsets.push(this.position - blocksInARow * blockSamples)
    }
    return onsets
  }

  private endBlock(): boolean {
    const levelDb = 10 * Math.log10(this.energy / blockSamples + 1e-9) - 20 * Math.log10(32_768)
    this.energy = 0
    this.inBlock = 0
    this.loud = levelDb > thresholdDb ? this.loud + 1 : 0
    return this.loud === blocksInARow
  }
}
