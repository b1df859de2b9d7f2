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
  /** Whether our voice was being sent at that time. */
  isTalking(sample: number): boolean
}

/** 32 ms at 8 kHz, the step of the neural detector. */
export const windowSamples = 256
const windowMs = 32
const enterProbability = 0.5
const stayProbability = 0.35
const startWindows = 2
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
/** While the assistant speaks only voices about as loud as this caller's are his, whatever the suppression. */
const talkOverDb = -15
/** What comes back of our own voice is weaker than this, relative to what is expected. To go on, less will do. */
const enterExcessDb = 6
const stayExcessDb = 3

/**
 * Hysteresis over voice probabilities: speech starts with two voiced windows in a row (64 ms) and stops with three
 * unvoiced ones (96 ms), or with two once the energy gate has been quiet for 96 ms. Silence for want of packets counts as unvoiced once it lasts 60 ms.
 */
export class SpeechGate {
  private readonly listener: SpeechListener
  private readonly line: LineEvidence
  private readonly relativeDb: number
  private speaking = false
  private voicedRun = 0
  private unvoicedRun = 0
  private runStartSample = 0
  private lastVoiceSample = 0
  private loudUntilSample = -1
  private callerDb = Number.NaN

  constructor(farFieldSuppression: number, line: LineEvidence, listener: SpeechListener) {
    this.relativeDb = suppressionDb[farFieldSuppression] ?? Number.NEGATIVE_INFINITY
    this.line = line
    this.listener = listener
  }

  get isSpeaking(): boolean {
    return this.speaking
  }

  /** `energy` dates both ends of what the detector found. */
  onWindow(probability: number, level: number, startSample: number, energy: LoudStretch): void {
    const isOn = this.speaking || this.voicedRun > 0
    const isLikely = probability >= (isOn ? stayProbability : enterProbability)
    const relativeDb = this.line.isTalking(startSample) ? Math.max(talkOverDb, this.relativeDb) : this.relativeDb
    const isEcho = !(this.line.excessDb(startSample, windowSamples) > (this.speaking ? stayExcessDb : enterExcessDb))
    const isNear = !isEcho && !(level < this.callerDb + relativeDb)
    if (probability >= sureProbability && isNear) this.follow(level)
    if (isLikely && isNear) this.voiced(startSample, energy)
    else this.unvoiced(startSample + windowSamples, energy)
  }

  /** `missingMs`: audio that is due and has not come. */
  onMissing(missingMs: number): void {
    if (!this.speaking || missingMs < missingIsSilenceMs) return
    if (missingMs + this.unvoicedRun * windowMs >= stopWindows * windowMs) this.stop()
  }

  private voiced(startSample: number, energy: LoudStretch): void {
    this.unvoicedRun = 0
    if (this.voicedRun === 0) this.runStartSample = startSample
    this.voicedRun += 1
    this.lastVoiceSample = startSample + windowSamples
    this.loudUntilSample = energy.loudUntilSample
    if (this.speaking || this.voicedRun < startWindows) return
    this.speaking = true
    const shift = energy.onsetSample - this.runStartSample
    const isHint = energy.onsetSample >= 0 && shift >= -hintBeforeSamples && shift <= hintAfterSamples
    this.listener.onSpeechStarted(isHint ? energy.onsetSample : this.runStartSample)
  }

  private unvoiced(endSample: number, energy: LoudStretch): void {
    this.voicedRun = 0
    this.unvoicedRun += 1
    if (!this.speaking) return
    const isQuiet = energy.loudUntilSample >= 0 && endSample - energy.loudUntilSample >= quietSamples
    if (this.unvoicedRun >= (isQuiet ? quietStopWindows : stopWindows)) this.stop()
  }

  private stop(): void {
    this.speaking = false
    this.voicedRun = 0
    const tail = this.lastVoiceSample - this.loudUntilSample
    const isQuietTail = this.loudUntilSample >= 0 && tail > 0 && tail <= maxTailSamples
    this.listener.onSpeechStopped(isQuietTail ? this.loudUntilSample : this.lastVoiceSample)
  }

  /** The caller's own level: rises fast, falls slowly. */
  private follow(level: number): void {
    if (Number.isNaN(this.callerDb)) this.callerDb = level
    else this.callerDb += (level > this.callerDb ? 0.2 : 0.02) * (level - this.callerDb)
  }
}
