/** 10 ms at 8 kHz: the step of all envelopes here. */
export const blockSamples = 80
/** 0-600 ms in steps of a block. */
export const lags = 61

/** Blocks of a 20 ms frame. */
export const blocksPerFrame = 2
/** Blocks after which everything that was sent in a block is known: packets leave up to a frame after their audio began. */
export const settleBlocks = 2

const ringBlocks = 128
const mask = ringBlocks - 1
/** Blocks of our voice quieter than this teach nothing. */
const activeDb = -45
/** Nothing is known yet: an echo may come back this much weaker than it was sent. */
const priorDb = -4
/** Steps of the median: 6 dB at first, `6 / n ** 0.7` after n blocks, at last 0.12 (12 dB a second). */
const stepDb = Float32Array.from({ length: 300 }, (_, n) => Math.max(0.12, 6 / Math.max(1, n) ** 0.7))
/** What a caller says over the assistant should not look like a louder echo. */
const upWhileHeard = 0.15
/** Forgets over about three seconds of our voice. */
const forget = 1 - 1 / 300
const slowMean = 0.06
const floorDb = -65
const learnBlocks = 40
const sureCorrelation = 0.6
/** No chance likeness of two voices: such a delay stays while a caller talks over the assistant and hides it. */
const provenCorrelation = 0.8
const reviewBlocks = 10
/** A delay must lead in this many reviews in a row, give or take a block. */
const sureReviews = 2
/** What stands out of the noise by less than this has no shape. */
const overNoiseDb = 4
/** Keeps the correlation of next to nothing small: forty blocks of 5 dB. */
const leastPower = 1000
/** The echo of a block is looked for from this long before the delay that was found, */
const spreadBlocks = 2
/** to this long after it: reflections. */
const tailBlocks = 6

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
  private readonly sentDb = new Float32Array(ringBlocks).fill(-96)
  private readonly heardDb = new Float32Array(ringBlocks).fill(-96)
  private readonly sentWave = new Float32Array(ringBlocks)
  private readonly transferDb = new Float32Array(lags).fill(priorDb)
  private readonly seen = new Uint16Array(lags)
  private readonly cross = new Float32Array(lags)
  private readonly sentPower = new Float32Array(lags)
  private noiseDb = floorDb
  private upward = 1
  private heardPower = 0
  private sentMean = floorDb
  private heardMean = floorDb
  private learned = 0
  private block = 0
  private lastActive = -1000
  private leader = -1
  private leads = 0
  private proven = false

  /**
   * Takes a frame. `heardDb`: levels of its blocks. `sentDb`: what was sent in the `settleBlocks` before it, now final,
   * and in it, as far as that is known yet. `noiseDb`: the line at rest. `isCallerHeard`: the caller is speaking.
   */
  advance(heardDb: Float32Array, sentDb: Float32Array, noiseDb: number, isCallerHeard: boolean): void {
    this.noiseDb = noiseDb
    this.upward = isCallerHeard ? upWhileHeard : 1
    for (let b = 0; b < settleBlocks; b += 1) {
      const block = this.block - settleBlocks + b
      this.sentDb[block & mask] = sentDb[b] as number
      this.learn(block)
    }
    for (let b = 0; b < blocksPerFrame; b += 1) {
      this.heardDb[this.block & mask] = heardDb[b] as number
      this.sentDb[this.block & mask] = sentDb[settleBlocks + b] as number
      this.block += 1
    }
  }

  /** Writes the levels of echo to expect in the blocks of the newest frame, dBFS. */
  expect(into: Float32Array): void {
    const from = this.delayBlocks < 0 ? 0 : Math.max(0, this.delayBlocks - spreadBlocks)
    const to = this.delayBlocks < 0 ? lags : Math.min(lags, this.delayBlocks + tailBlocks)
    for (let b = 0; b < blocksPerFrame; b += 1) {
      const block = this.block - blocksPerFrame + b
      let expected = -96
      for (let lag = from; lag < to; lag += 1) {
        const level = (this.sentDb[(block - lag) & mask] as number) + (this.transferDb[lag] as number)
        if (level > expected) expected = level
      }
      into[b] = expected
    }
  }

  private learn(block: number): void {
    const sent = this.sentDb[block & mask] as number
    const heard = this.heardDb[block & mask] as number
    if (sent > activeDb) this.lastActive = block
    this.sentMean += slowMean * (Math.max(sent, floorDb) - this.sentMean)
    const shaped = Math.max(heard, floorDb, this.noiseDb + overNoiseDb)
    this.heardMean += slowMean * (shaped - this.heardMean)
    this.sentWave[block & mask] = Math.max(sent, floorDb) - this.sentMean
    if (block - this.lastActive >= lags) return
    this.learnTransfer(block)
    this.correlate(block, shaped - this.heardMean)
    this.learned += 1
    if (this.learned % reviewBlocks === 0) this.review()
  }

  /** Bulk delay of the echo; NaN while it is not known. */
  get delayMs(): number {
    return this.delayBlocks < 0 ? Number.NaN : this.delayBlocks * 10
  }

  /** By how much weaker the echo is; NaN while the delay is not known. */
  get lossDb(): number {
    return this.delayBlocks < 0 ? Number.NaN : -(this.transferDb[this.delayBlocks] as number)
  }

  private learnTransfer(block: number): void {
    const heard = this.heardDb[block & mask] as number
    for (let lag = 0; lag < lags; lag += 1) {
      const sent = this.sentDb[(block - lag) & mask] as number
      if (sent <= activeDb) continue
      const count = this.seen[lag] as number
      if (count < stepDb.length - 1) this.seen[lag] = count + 1
      const step = stepDb[count] as number
      const transfer = this.transferDb[lag] as number
      this.transferDb[lag] = heard - sent < transfer ? transfer - step : Math.min(0, transfer + step * this.upward)
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
    const isSame = best >= 0 && Math.abs(best - this.leader) <= 1
    this.leader = best
    this.leads = isSame ? this.leads + 1 : 1
    if (this.learned < learnBlocks) return
    if (bestCorrelation < sureCorrelation) {
      if (!this.proven) this.delayBlocks = -1
    } else if (this.leads >= sureReviews) {
      this.delayBlocks = best
      this.proven ||= bestCorrelation >= provenCorrelation
    }
  }
}
