/** No pause of a caller is louder than this; what says so is mistaken. Taste. */
const loudestDbov = -30
const fullScale = 32_767

/**
 * The noise of a peer that pauses instead of sending its silence. Of its description the level counts; the shape of
 * its spectrum is passed over, and the noise is white.
 * @see RFC 3389
 */
export class ComfortNoise {
  /** The peer is in a pause that it announced. */
  isActive = false
  private peak = 0
  private state = 1

  /**
   * Takes the payload of a comfort noise packet.
   *
   * ```
   *  0 1 2 3 4 5 6 7
   * +-+-+-+-+-+-+-+-+
   * |0|   level     |   0 to 127 below overload, in dB; reflection coefficients follow
   * ```
   */
  start(payload: Uint8Array, length: number): void {
    if (length < 1) return
    const levelDbov = Math.min(loudestDbov, -((payload[0] as number) & 0x7f))
    this.isActive = true
    // Even between -peak and peak: its mean power is a third of that of the peak.
    this.peak = fullScale * 10 ** (levelDbov / 20) * Math.sqrt(3)
  }

  stop(): void {
    this.isActive = false
  }

  /** A sample of it; 0 when there is none. */
  next(): number {
    if (!this.isActive) return 0
    this.state = (Math.imul(this.state, 1_664_525) + 1_013_904_223) | 0
    return Math.round((this.state / 2_147_483_648) * this.peak)
  }
}
