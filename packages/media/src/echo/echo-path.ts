/** 10 ms at 8 kHz: the step of all envelopes here. */
export const blockSamples = 80
/** 0-600 ms in steps of a block. */
export const lags = 61

const ringBlocks = 128
const mask = ringBlocks - 1
/** Blocks of our voice quieter than this teach nothing. */
const activeDb = -45
/** Nothing is known yet: an echo may come back this much weaker than it was sent. */
const priorDb = -4
/** The share of echo blocks that lie below the learned transfer. */
const quantile = 0.5
const firstStepDb = 6
const lastStepDb = 0.25
/** Forgets over about three seconds of our voice. */
const forget = 1 - 1 / 300
const slowMean = 0.06
const floorDb = -65
const learnBlocks = 40
const sureCorrelation = 0.5
const reviewBlocks = 10
/** A delay must lead in this many reviews in a row, give or take a block. */
const sureReviews = 2
/** What stands out of the noise by less than this has no shape. */
const overNoiseDb = 4
/** Keeps the correlation of next to nothing small: forty blocks of 5 dB. */
const leastPower = 1000

/**
 * The way our voice comes back on one line: by how much weaker at each delay, and which delay is the true one.
 *
 * Works on levels of 10 ms blocks. For each delay it follows the median of `received - sent`; where the received level
 * is that of an echo this is the loss of the echo, and with other sounds on the line an upper bound of it. The delay
 * at which the envelopes correlate best is taken for true once it stands out; until then every delay is possible.
 */
export class EchoPath {
  /** Blocks; -1: not known. */
  delayBlocks = -1
  correlation = 0
  private readonly sentDb = new Float32Array(ringBlocks).fill(-96)
  private readonly heardDb = new Float32Array(ringBlocks).fill(-96)
  private readonly sentWave = new Float32Array(ringBlocks)
  private readonly transferDb = new Float32Array(lags).fill(priorDb)
  private readonly seen = new Float32Array(lags)
  private readonly cross = new Float32Array(lags)
  private readonly sentPower = new Float32Array(lags)
  private heardPower = 0
  private sentMean = floorDb
  private heardMean = floorDb
  private learned = 0
  private block = 0
  private lastActive = -1000
  private leader = -1
  private leads = 0

  /** Number of the next block. */
  get blocks(): number {
    return this.block
  }

  /** Levels of what was received in the newest block and of what was sent in it, as far as that is known yet. */
  push(heardDb: number, sentDb: number): void {
    this.heardDb[this.block & mask] = heardDb
    this.sentDb[this.block & mask] = sentDb
    this.block += 1
  }

  /** The sent level of a block that is not older than `ringBlocks`, now that all of it is known. */
  correct(block: number, sentDb: number): void {
    this.sentDb[block & mask] = sentDb
  }

  /** Learns from a block whose sent level is final. Call for each block once, in order. `noiseDb`: the line at rest. */
  learn(block: number, noiseDb: number): void {
    const sent = this.sentDb[block & mask] as number
    const heard = this.heardDb[block & mask] as number
    if (sent > activeDb) this.lastActive = block
    this.sentMean += slowMean * (Math.max(sent, floorDb) - this.sentMean)
    const shaped = Math.max(heard, floorDb, noiseDb + overNoiseDb)
    this.heardMean += slowMean * (shaped - this.heardMean)
    this.sentWave[block & mask] = Math.max(sent, floorDb) - this.sentMean
    if (block - this.lastActive >= lags) return
    this.learnTransfer(block, heard)
    this.correlate(block, shaped - this.heardMean)
    this.learned += 1
    if (this.learned % reviewBlocks === 0) this.review()
  }

  /** Level of echo to expect in `block`, dBFS. */
  expectedDb(block: number): number {
    const from = this.delayBlocks < 0 ? 0 : Math.max(0, this.delayBlocks - 2)
    const to = this.delayBlocks < 0 ? lags : Math.min(lags, this.delayBlocks + 6)
    let expected = -96
    for (let lag = from; lag < to; lag += 1) {
      const level = (this.sentDb[(block - lag) & mask] as number) + (this.transferDb[lag] as number)
      if (level > expected) expected = level
    }
    return expected
  }

  /** Bulk delay of the echo; NaN while it is not known. */
  get delayMs(): number {
    return this.delayBlocks < 0 ? Number.NaN : this.delayBlocks * 10
  }

  /** By how much weaker the echo is; NaN while the delay is not known. */
  get lossDb(): number {
    return this.delayBlocks < 0 ? Number.NaN : -(this.transferDb[this.delayBlocks] as number)
  }

  private learnTransfer(block: number, heard: number): void {
    for (let lag = 0; lag < lags; lag += 1) {
      const sent = this.sentDb[(block - lag) & mask] as number
      if (sent <= activeDb) continue
      const count = (this.seen[lag] as number) + 1
      this.seen[lag] = count
      const step = Math.max(lastStepDb, firstStepDb / Math.sqrt(count))
      const transfer = this.transferDb[lag] as number
      this.transferDb[lag] =
        heard - sent < transfer ? transfer - step * (1 - quantile) * 2 : Math.min(0, transfer + step * quantile * 2)
    }
  }

  private correlate(block: number, heard: number): void {
    this.heardPower = forget * this.heardPower + heard * heard
    for (let lag = 0; lag < lags; lag += 1) {
      const sent = this.sentWave[(block - lag) & mask] as number
      this.cross[lag] = forget * (this.cross[lag] as number) + heard * sent
      this.sentPower[lag] = forget * (this.sentPower[lag] as number) + sent * sent
    }
  }

  private review(): void {
    let best = -1
    let bestCorrelation = 0
    for (let lag = 0; lag < lags; lag += 1) {
      const power = (this.sentPower[lag] as number) * (this.heardPower + leastPower)
      const correlation = (this.cross[lag] as number) / Math.sqrt(power + 1)
      if (correlation <= bestCorrelation) continue
      best = lag
      bestCorrelation = correlation
    }
    this.correlation = bestCorrelation
    const isSame = best >= 0 && Math.abs(best - this.leader) <= 1
    this.leader = best
    this.leads = isSame ? this.leads + 1 : 1
    if (this.learned < learnBlocks || bestCorrelation < sureCorrelation) this.delayBlocks = -1
    else if (this.leads >= sureReviews) this.delayBlocks = best
  }
}
