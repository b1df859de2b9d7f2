import { frameSamples } from '@parley/core'
import { levelDb } from '../vad/level.ts'
import { blockSamples, EchoPath } from './echo-path.ts'
import { ReferenceLine } from './reference-line.ts'

const ringBlocks = 128
/** The two clocks may wander this far apart before they are aligned anew. */
const maxWanderSamples = 80
const blocksPerFrame = frameSamples / blockSamples
/** Blocks after which everything that was sent in a block is known: packets leave up to a frame after their audio began. */
const settleBlocks = 2
const recentBlocks = blocksPerFrame + settleBlocks
/** Sent blocks louder than this are our voice, and so are gaps of 300 ms between them. */
const talkDb = -50
const talkGapBlocks = 30

/**
 * Tells the caller's voice from our own that comes back on the line, by level.
 *
 * ```
 *   onSent  ─▶ reference line ─▶ levels ─┐
 *                                        ├─▶ echo path ─▶ echo to expect ─┐
 *   onFrame ───────────────────▶ levels ─┘                                ├─▶ excessDb
 *                                   └─────────────────────────────────────┘
 * ```
 * Times are in samples of the clock (ms * 8). A frame of either direction belongs to the 20 ms before the instant at
 * which its packet is sent or was due here, so that an echo is never earlier than what caused it.
 */
export class EchoGate {
  readonly path = new EchoPath()
  private readonly reference = new ReferenceLine()
  private readonly recent = new Int16Array(recentBlocks * blockSamples)
  private readonly heardPower = new Float32Array(ringBlocks)
  private readonly otherPower = new Float32Array(ringBlocks).fill(1)
  private readonly talking = new Uint8Array(ringBlocks)
  private sinceTalk = talkGapBlocks
  private shift = Number.NaN

  /** Our voice, as it is sent. `endSample`: its end on the clock. `frame` is borrowed until return. */
  onSent(frame: Int16Array, endSample: number): void {
    this.reference.write(frame, endSample)
  }

  /** `clockSample`: when the end of the frame was due here. `noiseDb`: the line without any voice. */
  onFrame(frame: Int16Array, startSample: number, clockSample: number, noiseDb: number): void {
    const end = startSample + frameSamples
    if (!(Math.abs(clockSample - end - this.shift) <= maxWanderSamples)) this.shift = Math.round(clockSample - end)
    this.reference.read(end + this.shift - this.recent.length, this.recent)
    const { path } = this
    for (let b = 0; b < settleBlocks; b += 1) {
      const block = path.blocks - settleBlocks + b
      path.correct(block, this.sentDb(b))
      path.learn(block, noiseDb)
    }
    const noise = 10 ** (noiseDb / 10)
    for (let b = 0; b < blocksPerFrame; b += 1) {
      const heardDb = levelDb(frame, b * blockSamples, blockSamples)
      const sentDb = this.sentDb(settleBlocks + b)
      path.push(heardDb, sentDb)
      this.sinceTalk = sentDb > talkDb ? 0 : this.sinceTalk + 1
      const at = (startSample / blockSamples + b) % ringBlocks
      this.heardPower[at] = 10 ** (heardDb / 10)
      this.otherPower[at] = 10 ** (path.expectedDb(path.blocks - 1) / 10) + noise
      this.talking[at] = this.sinceTalk < talkGapBlocks ? 1 : 0
    }
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

  /** Whether our voice was being sent while the block with this sample came in. */
  isTalking(sample: number): boolean {
    return this.talking[Math.floor(sample / blockSamples) % ringBlocks] === 1
  }

  private sentDb(index: number): number {
    return levelDb(this.recent, index * blockSamples, blockSamples)
  }
}
