import type { CallEventBody, Clock, PrivacyRules } from '@parley/core'
import { maskDigits, type TextExtent } from './mask-digits.ts'

/** No key has this name. */
const maskedKey = 'X'
const maskedText = '***'

interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/** Instants of the monotonic clock; open while recording is paused. */
interface Pause {
  readonly fromMs: number
  toMs: number
}

/**
 * Decides what of a call may leave its memory: masks texts and keys by the rules, and holds back what was said while
 * recording was paused. What the model is told is not touched.
 */
export class CallPrivacy {
  private readonly clock: Clock
  private readonly rules: PrivacyRules | undefined
  private readonly pauses: Pause[] = []
  /** Zero of the transcript's time line. */
  private answeredAtMs = 0

  constructor(clock: Clock, rules: PrivacyRules | undefined) {
    this.clock = clock
    this.rules = rules
  }

  begin(answeredAtMs: number): void {
    this.answeredAtMs = answeredAtMs
  }

  get isPaused(): boolean {
    return this.pauses.at(-1)?.toMs === Number.POSITIVE_INFINITY
  }

  /** False: it was so already. */
  setPaused(paused: boolean): boolean {
    if (paused === this.isPaused) return false
    const nowMs = this.clock.nowMs()
    const last = this.pauses.at(-1)
    if (paused) this.pauses.push({ fromMs: nowMs, toMs: Number.POSITIVE_INFINITY })
    else if (last) last.toMs = nowMs
    return true
  }

  /** Words as they are recognised; `spoken`: when, by the monotonic clock. Undefined: nobody may see them. */
  words(text: string, { fromMs, toMs }: Span): string | undefined {
    if (this.isPaused && this.dropsPaused) return undefined
    return this.touchesPause(fromMs, toMs) ? undefined : this.masked(text, 'part')
  }

  /** An event as it may be stored. Undefined: not at all. */
  shown(body: CallEventBody): CallEventBody | undefined {
    switch (body.type) {
      case 'user.said':
        return this.wasPaused(body) ? undefined : { ...body, text: this.masked(body.text) }
      case 'assistant.said':
        if (this.wasPaused(body)) return undefined
        return {
          ...body,
          heard: this.masked(body.heard, body.interrupted ? 'beginning' : 'whole'),
          intended: this.masked(body.intended),
        }
      case 'dtmf':
        if (this.isPaused && this.dropsPaused) return undefined
        return this.rules?.digits ? { ...body, key: maskedKey } : body
      default:
        return body
    }
  }

  private get dropsPaused(): boolean {
    return !this.rules?.keepPausedTranscript
  }

  private wasPaused({ fromMs, toMs }: Span): boolean {
    return this.touchesPause(this.answeredAtMs + fromMs, this.answeredAtMs + toMs)
  }

  private touchesPause(fromMs: number, toMs: number): boolean {
    return this.dropsPaused && this.pauses.some((pause) => pause.fromMs <= toMs && pause.toMs >= fromMs)
  }

  private masked(text: string, extent: TextExtent = 'whole'): string {
    if (!this.rules) return text
    const { digits, minDigits, patterns } = this.rules
    const figures = digits ? maskDigits(text, minDigits, extent) : text
    return patterns.reduce((shown, pattern) => shown.replace(pattern, maskedText), figures)
  }
}
