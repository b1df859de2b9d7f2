import type { ToneName } from '@parley/core'
import { lengthMs, type Segment, ToneSegments } from './tone-segments.ts'

/** `fromMs` and `toMs`: media time of the tone, or of the first and last of its repeats. */
export type ToneReport = (tone: ToneName, fromMs: number, toMs: number) => void

const within = (value: number, least: number, most: number): boolean => value >= least && value <= most
/** 350 to 500 Hz: dial, ring-back, busy and congestion tones of all countries lie there; 480 + 620 Hz at 550. */
const isProgress = (segment: Segment): boolean => segment.kind === 'tone' && within(segment.frequencyHz, 340, 570)
const isSitPart = (segment: Segment, least: number, most: number): boolean =>
  segment.kind === 'tone' && within(segment.frequencyHz, least, most) && within(lengthMs(segment), 200, 460)

const busyRepeats = 3
/** Two bursts or pauses of one cadence differ by less. */
const cadenceToleranceMs = 70

/**
 * Names the tones of a telephone network in 8 kHz audio, each when it is certain:
 *
 * - `ringback`: a burst of 0.35 to 2.5 s and a pause of 1.4 to 6 s
 * - `busy`: three equal bursts and pauses of 0.3 to 0.6 s; `congestion`: shorter or longer, 0.15 to 0.85 s
 * - `sit.*`: three rising tones. `sit.noNumber` for the codes intercept and vacant; `sit` for all others
 * - `fax`: 1100 Hz for half a second, or 2100 Hz for a second
 * - `beep`: any other single tone of 380 to 2300 Hz, of 0.16 to 2 s, with silence after it
 *
 * @see ITU-T E.180 supplement 2 (tones by country), E.180 clause 5 (special information), Telcordia GR-674 (SIT codes),
 * ITU-T T.30 (fax)
 */
export class ToneListener {
  private readonly segments: ToneSegments
  private readonly report: ToneReport
  /** The last finished stretches, newest last. */
  private readonly past: Segment[] = []

  constructor(report: ToneReport) {
    this.report = report
    this.segments = new ToneSegments((segment) => this.finish(segment))
  }

  /** The last frame was one. */
  get isTone(): boolean {
    return this.segments.current(0).kind === 'tone'
  }

  onFrame(frame: Int16Array, atMs: number): void {
    this.segments.onFrame(frame, atMs)
    const current = this.segments.current(atMs)
    const last = this.past.at(-1)
    if (current.kind !== 'silence' || last?.kind !== 'tone') return
    const pauseMs = lengthMs(current)
    if (pauseMs === 60) this.onToneOver(last)
    else if (pauseMs === 1400 && isProgress(last) && within(lengthMs(last), 340, 2600))
      this.tell('ringback', last, last)
  }

  private finish(segment: Segment): void {
    this.past.push(segment)
    if (this.past.length > 8) this.past.shift()
    if (segment.kind === 'tone' && within(segment.frequencyHz, 2060, 2140) && lengthMs(segment) >= 900) {
      this.tell('fax', segment, segment)
    }
    if (segment.kind === 'silence') this.matchCadence()
  }

  private onToneOver(tone: Segment): void {
    const [first, second] = this.past.slice(-3)
    if (first && second && this.isSpecialInformation(first, second, tone)) return
    const toneMs = lengthMs(tone)
    if (within(tone.frequencyHz, 1060, 1140) && within(toneMs, 420, 600)) this.tell('fax', tone, tone)
    else if (!isProgress(tone) && within(tone.frequencyHz, 380, 2300) && within(toneMs, 160, 2000)) {
      this.tell('beep', tone, tone)
    }
  }

  private isSpecialInformation(first: Segment, second: Segment, third: Segment): boolean {
    if (!isSitPart(first, 870, 1030) || !isSitPart(second, 1310, 1490) || !isSitPart(third, 1700, 1860)) return false
    const isShort = (segment: Segment) => lengthMs(segment) < 320
    const isLow = second.frequencyHz < 1395
    // Intercept: low short, low short. Vacant code: high long, low short. @see GR-674
    const isHigh = first.frequencyHz > 965
    const noNumber = isLow && isShort(second) && isHigh !== isShort(first) && !this.isEqualLength(first, second, third)
    this.tell(noNumber ? 'sit.noNumber' : 'sit', first, third)
    return true
  }

  /** ITU-T E.180: three of 330 ms, which say nothing about the reason. */
  private isEqualLength(...parts: readonly Segment[]): boolean {
    return parts.every((part) => within(lengthMs(part), 300, 360))
  }

  private matchCadence(): void {
    const bursts = this.past.slice(-2 * busyRepeats)
    const [first, pause] = bursts
    if (!first || !pause || bursts.length < 2 * busyRepeats) return
    const isCadence = bursts.every((segment, index) => {
      const like = index % 2 === 0 ? first : pause
      const isKind = index % 2 === 0 ? isProgress(segment) : segment.kind === 'silence'
      return isKind && Math.abs(lengthMs(segment) - lengthMs(like)) <= cadenceToleranceMs
    })
    const burstMs = lengthMs(first)
    if (!isCadence || !within(burstMs, 140, 860) || !within(lengthMs(pause), 140, 860)) return
    this.tell(within(burstMs, 300, 600) ? 'busy' : 'congestion', first, bursts.at(-2) ?? first)
    this.past.length = 0
  }

  private tell(tone: ToneName, first: Segment, last: Segment): void {
    this.report(tone, first.fromMs, last.toMs)
  }
}
