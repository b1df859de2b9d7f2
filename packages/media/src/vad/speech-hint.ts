import { frameSamples } from '@parley/core'
import { FrameShape } from './frame-shape.ts'
import { enterExcessDb, type LineEvidence } from './speech-gate.ts'

/** What the caller's ear knows besides the frame. */
export interface HintContext {
  /** Level of the noise on the line, dBFS. */
  readonly noiseDb: number
  /** Level of this caller's vowels, dBFS; NaN before his first turn. */
  readonly callerVowelDb: number
  /** How periodic the last 32 ms are, 0-1. Costs ten times as much as the rest, so it is asked last. */
  voicing(): number
}

/** Nothing under it is a sign of speech, above 300 Hz, and nothing that is not this much louder than the noise. */
const leastDb = -50
const overNoiseDb = 10
/** A vowel is not softer than this, whoever speaks; nor softer than this caller's own by more. */
const leastVowelDb = -42
const vowelBelowCallerDb = 17
/** Consonants without voice are 20 to 28 dB softer than vowels. */
const hissBelowCallerDb = 34
const sureVoicing = 0.8
const likelyVoicing = 0.55
const likelyVoice = 0.4
const likelyVoiceVoicing = 0.5
const sureVoice = 0.8
/** An s. */
const sibilantTilt = -0.5
const sibilantSpreadDb = 16
/** An f, a soft s: a hiss that stands still. A click does not, and a tone has no spread at all. */
const hissTilt = 0.35
const hissSpreadDb = [0.6, 9] as const
const hissStepDb = 5
/** Mean spread of a hiss. Two frames must stand stiller than more, as what rustles seldom does, */
const twoHissDb = 4
const moreHissDb = 5.5
/** and be no tone of our echo: those are more periodic. */
const twoHissVoicing = 0.65
const enoughSibilant = 2
/** A sign that lasts is told again, so that nobody forgets it meanwhile. */
const againSamples = 320
/** The detector has had time enough: what it does not confirm by then is none, until the line was quiet. Taste. */
const unconfirmedSamples = 3200
const quietFrames = 15

/**
 * The first signs of a voice, 20 to 100 ms after its onset and long before the neural detector is sure: one frame of a
 * vowel that the detector does not rule out, a window it half believes, or 40 to 60 ms of a steady hiss as of s and f.
 * Easily fooled, so it decides nothing that cannot be taken back at once.
 *
 * The thresholds were set on voices and noises of `bench turns --onsets`.
 */
export class SpeechHint {
  private readonly line: LineEvidence
  private readonly context: HintContext
  private readonly tell: () => void
  private readonly shape = new FrameShape()
  private probability = 0
  private voiced = 0
  private voicing = 0
  private sibilant = 0
  private hiss = 0
  private hissSpreadDb = 0
  private lastDb = 0
  private isNear = false
  private quiet = quietFrames
  private toldAt = Number.NEGATIVE_INFINITY
  private firstToldAt = Number.NaN

  /** `tell`: of each sign, at once. */
  constructor(line: LineEvidence, context: HintContext, tell: () => void) {
    this.line = line
    this.context = context
    this.tell = tell
  }

  /** Each frame while the caller is not known to speak. */
  onFrame(frame: Int16Array, startSample: number): void {
    const { shape, context } = this
    shape.onFrame(frame)
    const { levelDb } = shape
    const { noiseDb, callerVowelDb } = context
    const isLoud = levelDb > leastDb && levelDb > noiseDb + overNoiseDb
    this.quiet = isLoud ? 0 : this.quiet + 1
    if (this.quiet >= quietFrames) this.firstToldAt = Number.NaN
    const isHeard =
      isLoud &&
      !(levelDb < callerVowelDb - hissBelowCallerDb) &&
      this.line.excessDb(startSample, frameSamples) > enterExcessDb
    this.isNear = isHeard && levelDb >= leastVowelDb && !(levelDb < callerVowelDb - vowelBelowCallerDb)
    this.voicing = this.isNear && !this.isTooLate(startSample) ? context.voicing() : 0
    this.voiced = this.voicing >= likelyVoicing ? this.voiced + (this.voicing >= sureVoicing ? 2 : 1) : 0
    this.listenForHiss(isHeard)
    this.lastDb = levelDb
    this.judge(startSample + frameSamples)
  }

  /** The neural detector's opinion of the latest window. */
  onWindow(probability: number, endSample: number): void {
    this.probability = probability
    const isLikely = probability >= likelyVoice && this.voicing >= likelyVoiceVoicing
    if (this.isNear && (isLikely || probability >= sureVoice)) this.sign(endSample)
    else this.judge(endSample)
  }

  /** The caller is known to speak. */
  reset(): void {
    this.voiced = 0
    this.voicing = 0
    this.sibilant = 0
    this.hiss = 0
    this.isNear = false
    this.quiet = quietFrames
    this.firstToldAt = Number.NaN
  }

  private listenForHiss(isHeard: boolean): void {
    const { tilt, spreadDb, levelDb } = this.shape
    this.sibilant = isHeard && tilt <= sibilantTilt && spreadDb <= sibilantSpreadDb ? this.sibilant + 1 : 0
    const isHiss = isHeard && tilt <= hissTilt && spreadDb >= hissSpreadDb[0] && spreadDb <= hissSpreadDb[1]
    const isSteady = Math.abs(levelDb - this.lastDb) <= hissStepDb
    if (!isHiss || !isSteady) this.hiss = this.hissSpreadDb = 0
    if (!isHiss) return
    this.hiss += 1
    this.hissSpreadDb += spreadDb
  }

  private judge(endSample: number): void {
    if (isVowel(this.voiced, this.probability) || this.sibilant >= enoughSibilant || this.isFricative())
      this.sign(endSample)
  }

  private isFricative(): boolean {
    const meanDb = this.hissSpreadDb / this.hiss
    if (this.hiss !== 2) return this.hiss > 2 && meanDb <= moreHissDb
    return meanDb <= twoHissDb && this.context.voicing() < twoHissVoicing
  }

  private isTooLate(sample: number): boolean {
    return sample - this.firstToldAt >= unconfirmedSamples
  }

  private sign(endSample: number): void {
    if (Number.isNaN(this.firstToldAt)) this.firstToldAt = endSample
    if (this.isTooLate(endSample) || endSample - this.toldAt < againSamples) return
    this.toldAt = endSample
    this.tell()
  }
}

/**
 * `voiced`: periodic frames in a row, those that are surely so counted twice. The detector has its say: what it is sure
 * is none, a tone or a thump, is no vowel. It knows a vowel late, so the longer the sound lasts the less it must say.
 */
function isVowel(voiced: number, probability: number): boolean {
  if (voiced < 1) return false
  return probability >= (voiced < 4 ? 0.15 : 0.1)
}
