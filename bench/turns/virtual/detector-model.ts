import type { SeededRandom } from '../../seeded-random.ts'
import type { Figures } from './figures.ts'
import type { Booking, VirtualTime } from './virtual-time.ts'

/** What the detector says, in the shape of the reducer's events. Media time is the virtual clock. */
export interface DetectorListener {
  speechStarted(onsetAtMs: number): void
  /** A first sign; again while it lasts and nothing is certain. */
  speechSuspected(): void
  speechStopped(lastVoiceAtMs: number): void
}

/** How a sound begins. `plain`: with a vowel. `spoken`: as words over the assistant do, `soft` when they swell. */
export type Onset = 'plain' | 'spoken' | 'soft'

/** As the engine's ear tells signs: every so often, and for so long. */
const againMs = 40
const signsMs = 400

/**
 * A voice detector that is late the way real ones are: sure some time after the onset, and aware of the end some time
 * after it. Sounds too short to be sure of, and gaps too short to notice, do not exist for it.
 */
export class DetectorModel {
  private readonly time: VirtualTime
  private readonly random: SeededRandom
  private readonly figures: Figures['detector']
  private readonly listener: DetectorListener
  private sounding = 0
  private onsetAtMs = 0
  private fellAtMs = 0
  private isVoiced = false
  private pending: Booking | undefined
  private sign: Booking | undefined

  constructor(time: VirtualTime, random: SeededRandom, figures: Figures['detector'], listener: DetectorListener) {
    this.time = time
    this.random = random
    this.figures = figures
    this.listener = listener
  }

  /** True while it holds that somebody speaks. */
  get voiced(): boolean {
    return this.isVoiced
  }

  /** Something it takes for voice begins now and ends at `toMs`. */
  sound(toMs: number, onset: Onset = 'plain'): void {
    this.time.at(toMs, () => this.fall())
    this.sounding += 1
    if (this.sounding > 1) return
    this.time.cancel(this.pending)
    if (this.isVoiced) return
    const { nowMs } = this.time
    const chance = this.random.next()
    const { sureMs, sureJitterMs, over } = this.figures
    const plainMs = sureMs + chance * sureJitterMs
    const signMs = atQuantile(onset === 'soft' ? over.softSignMs : over.signMs, chance)
    const lateMs = onset === 'plain' ? 0 : Math.max(onset === 'soft' ? over.softMs : 0, signMs - plainMs)
    this.onsetAtMs = nowMs + lateMs
    this.pending = this.time.at(nowMs + plainMs + lateMs, () => this.start())
    this.suspect(signMs, Math.min(toMs, nowMs + plainMs + lateMs))
  }

  /** Signs of a voice after `afterMs` from now, until `untilMs` at most. */
  suspect(afterMs: number, untilMs: number): void {
    if (this.isVoiced) return
    const firstAtMs = this.time.nowMs + afterMs
    const tell = (): void => {
      if (this.isVoiced || this.time.nowMs > untilMs || this.time.nowMs > firstAtMs + signsMs) return
      this.listener.speechSuspected()
      this.sign = this.time.at(this.time.nowMs + againMs, tell)
    }
    this.time.cancel(this.sign)
    this.sign = this.time.at(firstAtMs, tell)
  }

  private start(): void {
    this.isVoiced = true
    const onsetAtMs = Math.max(this.fellAtMs, this.onsetAtMs + this.edgeError())
    this.listener.speechStarted(Math.min(onsetAtMs, this.time.nowMs))
  }

  private fall(): void {
    this.sounding -= 1
    if (this.sounding > 0) return
    this.time.cancel(this.pending)
    if (!this.isVoiced) return
    const endedAtMs = this.time.nowMs
    const [soonest, latest] = this.figures.stopMs
    const noticedAtMs = endedAtMs + soonest + this.random.next() * (latest - soonest)
    this.pending = this.time.at(noticedAtMs, () => {
      this.isVoiced = false
      this.fellAtMs = endedAtMs + this.edgeError()
      this.listener.speechStopped(this.fellAtMs)
    })
  }

  private edgeError(): number {
    const { edgeErrorMs } = this.figures
    return (this.random.next() * 2 - 1) * edgeErrorMs
  }
}

/** `values`: the least to the greatest, in equal steps of the distribution. */
function atQuantile(values: readonly number[], share: number): number {
  const place = share * (values.length - 1)
  const [below, above] = [values[Math.floor(place)] ?? 0, values[Math.ceil(place)] ?? 0]
  return below + (above - below) * (place - Math.floor(place))
}
