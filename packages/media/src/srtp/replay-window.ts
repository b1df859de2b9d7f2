const windowPackets = 128

/**
 * Remembers which of the last 128 packet indices were taken. An index further back counts as taken.
 *
 * ```
 *   |.x.xx..xxxx|x      bit = index mod 128
 *    ^ oldest    ^ highest
 * ```
 * @see RFC 3711 section 3.3.2
 */
export class ReplayWindow {
  /** -1: nothing was taken yet. */
  highest = -1
  private readonly bits = new Uint8Array(windowPackets)

  /** True for an index that may still be taken. */
  isFresh(index: number): boolean {
    if (index > this.highest) return true
    if (index <= this.highest - windowPackets) return false
    return this.bits[index % windowPackets] === 0
  }

  /** Marks a fresh index, after its packet was found genuine. */
  take(index: number): void {
    if (index > this.highest) {
      const passed = Math.min(index - this.highest, windowPackets)
      for (let i = 1; i <= passed; i += 1) this.bits[(index - passed + i) % windowPackets] = 0
      this.highest = index
    }
    this.bits[index % windowPackets] = 1
  }
}
