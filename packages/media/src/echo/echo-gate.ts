import { frameSamples } from '@parley/core'
import { blockLevelsDb, levelDb } from '../vad/level.ts'
import { EchoFilter, filterInputSamples, filterLeadSamples } from './echo-filter.ts'
import { blockSamples, blocksPerFrame, EchoPath, lags, settleBlocks } from './echo-path.ts'
import { ReferenceLine } from './reference-line.ts'

const ringBlocks = 128
/** The two clocks may wander this far apart before they are aligned anew. */
const maxWanderSamples = 80
const recentBlocks = blocksPerFrame + settleBlocks
/** Sent blocks louder than this can be heard as an echo. */
const talkDb = -50
/** The assistant still speaks when its next packet is late by this much. */
const talkGapSamples = 800
/** An echo weaker than this needs no filter: its level tells enough. */
const filterBelowLossDb = 25
/** Blocks of echo that stand out of the noise by this teach how much the filter leaves. */
const teachOverNoiseDb = 10
const restQuantile = 0.75
const restStepDb = 0.6

/**
 * Tells the caller's voice from our own that comes back on the line.
 *
 * ```
 *   onSent  ─▶ reference line ─▶ levels ─┬─▶ echo path ─▶ delay, loss ─▶ echo to expect ─┐
 *                    │                   │                   │                          ├─▶ excessDb
 *   onFrame ─────────│─────────▶ levels ─┘                   ▼                          │
 *                    └──────────────────▶ filter (loss < 25 dB, while we speak) ─▶ rest ┘
 * ```
 * Times are in samples of the clock (ms * 8). A frame of either direction belongs to the 20 ms before the instant at
 * which its packet is sent or was due here, so that an echo is never earlier than what caused it.
 */
export class EchoGate {
  readonly path = new EchoPath()
  private readonly reference = new ReferenceLine()
  private readonly recent = new Int16Array(recentBlocks * blockSamples)
  private readonly filter = new EchoFilter()
  private readonly filterInput = new Int16Array(filterInputSamples)
  private readonly rest = new Int16Array(frameSamples)
  private filterDelay = -1
  /** How much weaker than the expected echo is what the filter leaves. */
  private restDb = 0
  private readonly sentDb = new Float32Array(recentBlocks)
  private readonly heardDb = new Float32Array(blocksPerFrame)
  private readonly expectedDb = new Float32Array(blocksPerFrame)
  private readonly heardPower = new Float32Array(ringBlocks)
  private readonly otherPower = new Float32Array(ringBlocks).fill(1)
  private readonly talking = new Uint8Array(ringBlocks)
  private sinceTalk = lags
  private shift = Number.NaN

  /** Our voice, as it is sent. `endSample`: its end on the clock. `frame` is borrowed until return. */
  onSent(frame: Int16Array, endSample: number): void {
    this.reference.write(frame, endSample)
  }

  /**
   * `clockSample`: when the end of the frame was due here. `noiseDb`: the line without any voice. `isCallerHeard`: the
   * caller is speaking. Returns the frame less the echo, valid until the next call; the frame itself where there is
   * nothing to take out.
   */
  onFrame(
    frame: Int16Array,
    startSample: number,
    clockSample: number,
    noiseDb: number,
    isCallerHeard: boolean,
  ): Int16Array {
    const end = startSample + frameSamples
    if (!(Math.abs(clockSample - end - this.shift) <= maxWanderSamples)) this.shift = Math.round(clockSample - end)
    this.reference.read(end + this.shift - this.recent.length, this.recent)
    blockLevelsDb(this.recent, blockSamples, this.sentDb)
    blockLevelsDb(frame, blockSamples, this.heardDb)
    this.path.advance(this.heardDb, this.sentDb, noiseDb, isCallerHeard)
    this.path.expect(this.expectedDb)
    const isTalking = end + this.shift < this.reference.endSample + talkGapSamples
    for (let b = 0; b < blocksPerFrame; b += 1) {
      this.sinceTalk = (this.sentDb[settleBlocks + b] as number) > talkDb ? 0 : this.sinceTalk + 1
      this.talking[(startSample / blockSamples + b) % ringBlocks] = isTalking ? 1 : 0
    }
    const cleaned = this.clean(frame, end, noiseDb)
    if (cleaned !== frame) blockLevelsDb(cleaned, blockSamples, this.heardDb)
    this.judge(startSample, cleaned === frame ? 0 : this.restDb, noiseDb)
    return cleaned
  }

  /** By how much the samples from `startSample` on are louder than the echo and noise to expect in them, dB. */
  excessDb(startSample: number, count: number): number {
    let heard = 0
    let other = 0
    const last = Math.ceil((startSample + count) / blockSamples)
    for (let block = Math.floor(startSample / blockSamples); block < last; block += 1) {
      heard += this.heardPower[block % ringBlocks] as number
      other += this.otherPower[block % ringBlocks] as number
    }
    return 10 * Math.log10(heard / other)
  }

  /** Whether speech was being sent, its pauses included, while the block with this sample came in. */
  isTalking(sample: number): boolean {
    return this.talking[Math.floor(sample / blockSamples) % ringBlocks] === 1
  }

  private clean(frame: Int16Array, end: number, noiseDb: number): Int16Array {
    const { delayBlocks, lossDb } = this.path
    if (delayBlocks < 0 || this.sinceTalk >= lags || !(lossDb < filterBelowLossDb)) return frame
    if (Math.abs(delayBlocks - this.filterDelay) > 1) {
      this.filter.reset()
      this.restDb = 0
      this.filterDelay = delayBlocks
    }
    const newest = end + this.shift - this.filterDelay * blockSamples + filterLeadSamples
    this.reference.read(newest - filterInputSamples, this.filterInput)
    const heardDb = levelDb(frame, 0, frameSamples)
    const expectedDb = Math.max(this.expectedDb[0] as number, this.expectedDb[1] as number)
    // A frame no louder than the echo to expect holds nothing else worth protecting.
    const isPure = heardDb < expectedDb
    this.filter.cancel(frame, this.filterInput, this.rest, isPure)
    const leftDb = levelDb(this.rest, 0, frameSamples)
    if (isPure && expectedDb > noiseDb + teachOverNoiseDb) this.learnRest(leftDb - expectedDb)
    // A filter that makes it worse has not settled yet.
    return leftDb < heardDb ? this.rest : frame
  }

  private learnRest(restDb: number): void {
    const step = restDb > this.restDb ? restQuantile : restQuantile - 1
    this.restDb = Math.max(-18, Math.min(0, this.restDb + restStepDb * step))
  }

  private judge(startSample: number, restDb: number, noiseDb: number): void {
    for (let b = 0; b < blocksPerFrame; b += 1) {
      const at = (startSample / blockSamples + b) % ringBlocks
      this.heardPower[at] = 10 ** ((this.heardDb[b] as number) / 10)
      // Long after our voice every sound counts, however near to the noise.
      const expected = 10 ** (((this.expectedDb[b] as number) + restDb) / 10)
      this.otherPower[at] = this.sinceTalk < lags ? expected + 10 ** (noiseDb / 10) : 0
    }
  }
}
