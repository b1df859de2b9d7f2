/** News of the gate. Samples are media positions. */
export interface SpeechListener {
  onSpeechStarted(onsetSample: number): void
  onSpeechStopped(lastVoiceSample: number): void
}

/** What the energy gate knows; -1: nothing yet. */
export interface LoudStretch {
  readonly onsetSample: number
  readonly loudUntilSample: number
}

/** What the echo gate knows of a stretch of the uplink. */
export interface LineEvidence {
  /** By how much it is louder than our own voice that comes back, dB. */
  excessDb(startSample: number, count: number): number
  /** Whether the assistant was speaking at that time, its pauses included. */
  isTalking(sample: number): boolean
}

/** 32 ms at 8 kHz, the step of the neural detector. */
export const windowSamples = 256
const windowMs = 32
const enterProbability = 0.5
const stayProbability = 0.35
const stopWindows = 3
/** When the energy gate has been quiet for 96 ms as well, two windows are enough. */
const quietStopWindows = 2
const quietSamples = 768
/** Gaps in arrival shorter than this are jitter. */
const missingIsSilenceMs = 60
/** How far the energy onset may lie from the neural one and still date it. */
const hintBeforeSamples = 800
const hintAfterSamples = 512
/** The detector's voice outlives the sound by up to this much (measured on prompts after G.711). */
const maxTailSamples = 1280
/** `farFieldSuppression` 0-3: windows quieter than the caller's own level by this much are somebody else. */
const suppressionDb = [Number.NEGATIVE_INFINITY, -24, -18, -12]
const sureProbability = 0.8
/** A window like this is a vowel (measured: clips of ten speakers against ten classes of noise); it is enough alone. */
const vowelProbability = 0.92
const vowelVoicing = 0.6
const enoughEvidence = 2
/** While the assistant speaks only voices about as loud as this caller's are his, whatever the suppression. */
const talkOverDb = -8
/** A voice that becomes loud enough is dated back by this much at most. Taste. */
const heldBackSamples = 1024
/** 1 dB for each second of ignored voice. Taste. */
const ignoredDb = 0.032
/** What comes back of our own voice is weaker than this, relative to what is expected. To go on, less will do. */
export const enterExcessDb = 6
const stayExcessDb = 3
/** Below this a window is never enough alone. */
const clearExcessDb = 12
/** Voiced windows that our echo may explain part the evidence, they do not end it. */
const maxMasked = 2

function weightOf(probability: number, voicing: number): number {
  if (probability >= vowelProbability && voicing >= vowelVoicing) return enoughEvidence
  if (probability >= sureProbability) return 1.5
  return probability >= enterProbability ? 0.5 : 0.25
}

/**
 * Hysteresis over voice probabilities. Speech starts with one window that is surely a vowel (32 ms), with two of which
 * one is sure (64 ms), or with more that are not: coughs and knocks linger there and vanish. It stops with three
 * unvoiced ones (96 ms), or with two once the energy gate has been quiet for 96 ms. Silence for want of packets counts as unvoiced once it lasts 60 ms.
 */
export class SpeechGate {
  private readonly listener: SpeechListener
  private readonly line: LineEvidence
  private readonly relativeDb: number
  private speaking = false
  private evidence = 0
  /** Of the present run. */
  private loudestDb = 0
  private unvoicedRun = 0
  private maskedRun = 0
  private runStartSample = 0
  private lastVoiceSample = 0
  private loudUntilSample = -1
  private callerDb = Number.NaN
  private callerPeakDb = Number.NaN

  constructor(farFieldSuppression: number, line: LineEvidence, listener: SpeechListener) {
    this.relativeDb = suppressionDb[farFieldSuppression] ?? Number.NEGATIVE_INFINITY
    this.line = line
    this.listener = listener
  }

  get isSpeaking(): boolean {
    return this.speaking
  }

  /** Level of this caller's vowels, dBFS; NaN before his first turn. */
  get callerVowelDb(): number {
    return this.callerPeakDb
  }

  /** `energy` dates both ends of what the detector found. `voicing`: how periodic the window is, 0-1. */
  onWindow(probability: number, level: number, startSample: number, energy: LoudStretch, voicing: number): void {
    const isOn = this.speaking || this.evidence > 0
    const isLikely = probability >= (isOn ? stayProbability : enterProbability)
    const excessDb = this.line.excessDb(startSample, windowSamples)
    const isEcho = !(excessDb > (this.speaking ? stayExcessDb : enterExcessDb))
    const isNear = !isEcho && !(level < this.callerDb + this.relativeDb)
    const isOver = this.line.isTalking(startSample)
    if (probability >= sureProbability && !isEcho) this.follow(level, isNear, isOver)
    if (isLikely && isNear) {
      if (this.evidence === 0 || level > this.loudestDb) this.loudestDb = level
      this.voiced(startSample, energy, weightOf(probability, excessDb < clearExcessDb ? 0 : voicing), isOver)
    } else if (isLikely && isEcho && this.evidence > 0 && this.maskedRun < maxMasked) this.maskedRun += 1
    else this.unvoiced(startSample + windowSamples, energy)
  }

  /** `missingMs`: audio that is due and has not come. */
  onMissing(missingMs: number): void {
    if (!this.speaking || missingMs < missingIsSilenceMs) return
    if (missingMs + this.unvoicedRun * windowMs >= stopWindows * windowMs) this.stop()
  }

  private voiced(startSample: number, energy: LoudStretch, weight: number, isOver: boolean): void {
    this.unvoicedRun = 0
    this.maskedRun = 0
    if (this.evidence === 0) this.runStartSample = startSample
    this.evidence += weight
    this.lastVoiceSample = startSample + windowSamples
    this.loudUntilSample = energy.loudUntilSample
    if (this.speaking || this.evidence < enoughEvidence) return
    if (isOver && this.loudestDb < this.callerPeakDb + talkOverDb) {
      // Somebody may have murmured for a while: the caller did not begin that long ago.
      this.runStartSample = Math.max(this.runStartSample, startSample - heldBackSamples)
      return
    }
    this.speaking = true
    const shift = energy.onsetSample - this.runStartSample
    const isHint = energy.onsetSample >= 0 && shift >= -hintBeforeSamples && shift <= hintAfterSamples
    this.listener.onSpeechStarted(isHint ? energy.onsetSample : this.runStartSample)
  }

  private unvoiced(endSample: number, energy: LoudStretch): void {
    this.evidence = 0
    this.maskedRun = 0
    this.unvoicedRun += 1
    if (!this.speaking) return
    const isQuiet = energy.loudUntilSample >= 0 && endSample - energy.loudUntilSample >= quietSamples
    if (this.unvoicedRun >= (isQuiet ? quietStopWindows : stopWindows)) this.stop()
  }

  private stop(): void {
    this.speaking = false
    this.evidence = 0
    const tail = this.lastVoiceSample - this.loudUntilSample
    const isQuietTail = this.loudUntilSample >= 0 && tail > 0 && tail <= maxTailSamples
    this.listener.onSpeechStopped(isQuietTail ? this.loudUntilSample : this.lastVoiceSample)
  }

  /**
   * The caller's own level and that of his vowels: they rise fast and fall slowly, and are learned in his turns, where
   * nobody else should speak. A caller who is suddenly far away would stay unheard, so what is ignored makes room.
   */
  private follow(level: number, isNear: boolean, isOver: boolean): void {
    if (!isNear) {
      this.callerDb -= ignoredDb
      return
    }
    if (isOver && !(level > this.callerPeakDb)) return
    this.callerDb = approach(this.callerDb, level, 0.2, 0.02)
    this.callerPeakDb = approach(this.callerPeakDb, level, 0.15, 0.01)
  }
}

function approach(from: number, to: number, rise: number, fall: number): number {
  return Number.isNaN(from) ? to : from + (to > from ? rise : fall) * (to - from)
}
