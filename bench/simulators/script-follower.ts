import { type SimulatedUtterance, speakerTag } from './script.ts'
import { OnsetFollower } from './voice-onset.ts'

export interface ScriptWord {
  readonly text: string
  readonly turn: number
  /** In the audio received, ms. */
  readonly endMs: number
  /** Silence follows: a pause, or the end of the utterance. */
  readonly isBeforeSilence: boolean
  readonly isLast: boolean
}

export type ScriptEvent =
  | { readonly kind: 'onset'; readonly turn: number }
  | { readonly kind: 'word'; readonly word: ScriptWord }
  /** The voice goes on after a pause. */
  | { readonly kind: 'resumed'; readonly turn: number }

const samplesPerMs = 8
/** After the last word, before another onset counts. */
const restMs = 150
/** Of a word that is asked for before its end this much may be missing: a fading consonant is not waited for. Taste. */
const missingMs = 160
/** Voice it takes to know that it goes on. Taste. */
const resumedAfterMs = 60

/**
 * Follows the voice in audio as it is received through what the caller is known to say. Time is that of the samples, so
 * audio that comes late gives late words.
 */
export class ScriptFollower {
  turn = 0
  private readonly connection: number
  private readonly script: (connection: number) => readonly SimulatedUtterance[]
  private readonly onsets = new OnsetFollower()
  private onsetSample = 0
  private busyUntilSample = 0
  private wordIndex = 0
  private pauseIndex = 0

  constructor(connection: number, script: (connection: number) => readonly SimulatedUtterance[]) {
    this.connection = connection
    this.script = script
  }

  /** Audio received, ms. */
  get positionMs(): number {
    return this.onsets.position / samplesPerMs
  }

  /** `Int16` mono 8 kHz. */
  push(samples: Int16Array): ScriptEvent[] {
    const events: ScriptEvent[] = []
    const onset = this.onsets.push(samples).find((sample) => sample >= this.busyUntilSample)
    if (onset !== undefined && this.begin(onset)) events.push({ kind: 'onset', turn: this.turn })
    this.follow(events)
    return events
  }

  /** The words so far are asked for: one that is nearly through is told now. */
  finish(): ScriptEvent[] {
    const events: ScriptEvent[] = []
    this.follow(events, missingMs)
    return events
  }

  private begin(onsetSample: number): boolean {
    const utterance = this.script(this.connection)[this.turn]
    if (!utterance) return false
    this.turn += 1
    this.onsetSample = onsetSample
    this.wordIndex = 0
    this.pauseIndex = 0
    this.busyUntilSample = onsetSample + (utterance.durationMs + restMs) * samplesPerMs
    return true
  }

  private hasPassed(ms: number): boolean {
    return this.onsets.position >= this.onsetSample + ms * samplesPerMs
  }

  private follow(events: ScriptEvent[], aheadMs = 0): void {
    const { words = [], pauses = [], isTagged = true } = this.script(this.connection)[this.turn - 1] ?? {}
    for (let word = words[this.wordIndex]; word && this.hasPassed(word.endMs - aheadMs); word = words[this.wordIndex]) {
      const tag = isTagged && this.wordIndex === 0 ? `${speakerTag(this.connection, this.turn)} ` : ''
      this.wordIndex += 1
      const next = words[this.wordIndex]
      const pause = pauses.find((candidate) => candidate.fromMs >= (word?.endMs ?? 0))
      events.push({
        kind: 'word',
        word: {
          text: `${tag}${word.text}`,
          turn: this.turn,
          endMs: this.onsetSample / samplesPerMs + word.endMs,
          isBeforeSilence: !next || (pause !== undefined && next.endMs > pause.toMs),
          isLast: !next,
        },
      })
    }
    for (let pause = pauses[this.pauseIndex]; pause && this.hasPassed(pause.toMs + resumedAfterMs); ) {
      events.push({ kind: 'resumed', turn: this.turn })
      this.pauseIndex += 1
      pause = pauses[this.pauseIndex]
    }
  }
}
