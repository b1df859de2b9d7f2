const maxDropout = 3000
const maxMisorder = 100

/**
 * Validates the sequence numbers of one source and keeps its reception statistics.
 *
 * `receive` returns the sequence number extended beyond 16 bits, or -1 for a packet that must be dropped. A far jump is
 * believed only when two packets in a row confirm it; `restarted` is then true for that packet.
 *
 * @see RFC 3550 appendix A.1 (validation), A.3 (loss), A.8 (jitter)
 */
export class Reception {
  restarted = false
  received = 0
  private started = false
  private highest = 0
  private base = 0
  private suspect = -1
  private lostBefore = 0
  private jitterTicks = 0
  private ticksPerMs = 8
  private lastTransit = Number.NaN
  private reportedExpected = 0
  private reportedReceived = 0
  private receivedBefore = 0

  receive(sequence: number): number {
    this.restarted = false
    if (!this.started) {
      this.start(65_536 + sequence)
      return this.highest
    }
    const ahead = (sequence - this.highest) & 0xffff
    if (ahead < maxDropout) {
      this.highest += ahead
      this.suspect = -1
    } else if (ahead <= 65_536 - maxMisorder) {
      if (sequence !== this.suspect) {
        this.suspect = (sequence + 1) & 0xffff
        return -1
      }
      this.lostBefore += this.lostSinceStart()
      this.start((this.highest & ~0xffff) + 131_072 + sequence)
      this.restarted = true
      return this.highest
    }
    this.received += 1
    return ahead < maxDropout ? this.highest : this.highest - ((this.highest - sequence) & 0xffff)
  }

  /** A new SSRC begins; totals are kept. */
  newSource(): void {
    if (this.started) this.lostBefore += this.lostSinceStart()
    this.started = false
    this.lastTransit = Number.NaN
    this.suspect = -1
  }

  /** `ticksPerMs`: of the clock of `timestamp`. After a change of clock the jitter so far is counted in the new one. */
  observeJitter(arrivalMs: number, timestamp: number, ticksPerMs: number): void {
    if (ticksPerMs !== this.ticksPerMs) {
      this.jitterTicks *= ticksPerMs / this.ticksPerMs
      this.ticksPerMs = ticksPerMs
      this.lastTransit = Number.NaN
    }
    const transit = (arrivalMs * ticksPerMs - timestamp) % 4_294_967_296
    if (!Number.isNaN(this.lastTransit)) {
      let delta = Math.abs(transit - this.lastTransit)
      if (delta > 2_147_483_648) delta = Math.abs(delta - 4_294_967_296)
      // A timestamp jump is not jitter.
      if (delta < 2000 * ticksPerMs) this.jitterTicks += (delta - this.jitterTicks) / 16
    }
    this.lastTransit = transit
  }

  get lost(): number {
    return Math.max(0, this.lostBefore + this.lostSinceStart())
  }

  get jitterMs(): number {
    return this.jitterTicks / this.ticksPerMs
  }

  get jitter(): number {
    return Math.round(this.jitterTicks)
  }

  get highestSequence(): number {
    return this.highest >>> 0
  }

  /** Fraction lost since the last call, in 1/256. */
  takeFractionLost(): number {
    const expected = this.started ? this.highest - this.base + 1 : 0
    const inSource = this.received - this.receivedBefore
    const expectedNow = expected - this.reportedExpected
    const lostNow = expectedNow - (inSource - this.reportedReceived)
    this.reportedExpected = expected
    this.reportedReceived = inSource
    return expectedNow > 0 && lostNow > 0 ? Math.min(255, Math.floor((lostNow * 256) / expectedNow)) : 0
  }

  private start(extended: number): void {
    this.started = true
    this.base = extended
    this.highest = extended
    this.suspect = -1
    this.receivedBefore = this.received
    this.reportedExpected = 0
    this.reportedReceived = 0
    this.received += 1
  }

  private lostSinceStart(): number {
    if (!this.started) return 0
    return this.highest - this.base + 1 - (this.received - this.receivedBefore)
  }
}
