import type { SeededRandom } from '../../seeded-random.ts'
import type { Figures } from './figures.ts'
import type { Booking, VirtualTime } from './virtual-time.ts'

/** What the detector says, in the shape of the reducer's events. Media time is the virtual clock. */
export interface DetectorListener {
  speechStarted(onsetAtMs: number): void
  speechStopped(lastVoiceAtMs: number): void
}

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

  /** Something it takes for voice begins now and ends at `toMs`. `soft`: it swells. */
  sound(toMs: number, soft = false): void {
    this.time.at(toMs, () => this.fall())
    this.sounding += 1
    if (this.sounding > 1) return
    const { sureMs, sureJitterMs, softOnsetMs } = this.figures
    this.time.cancel(this.pending)
    if (this.isVoiced) return
    this.onsetAtMs = this.time.nowMs + (soft ? softOnsetMs : 0)
    const sureAtMs = this.onsetAtMs + sureMs + this.random.next() * sureJitterMs
    this.pending = this.time.at(sureAtMs, () => this.start())
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
