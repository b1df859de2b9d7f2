import type { SeededRandom } from '../../seeded-random.ts'
import { type Point, pointAfter } from '../punctuation.ts'
import type { Act, Label, NoiseKind } from '../scenario/scenario.ts'
import type { CallerAct } from '../talk-record.ts'
import type { DetectorModel, Onset } from './detector-model.ts'
import { type Figures, hallucinates, hallucinations, loudness } from './figures.ts'
import type { RecognizerModel } from './recognizer-model.ts'
import { between, type SpokenWord, spokenWords, spread } from './spoken-words.ts'
import type { VirtualTime } from './virtual-time.ts'

interface Sound {
  readonly kind: Act['kind']
  readonly label: Label | null
  readonly detail?: string
}

/** Everything that sounds at the caller's end, and what detector and recogniser make of it. */
export class LineModel {
  readonly acts: CallerAct[] = []
  private readonly time: VirtualTime
  private readonly random: SeededRandom
  private readonly figures: Figures
  private readonly detector: DetectorModel
  private readonly recognizer: RecognizerModel
  private readonly language: 'en' | 'zh'
  private echo: { readonly delayMs: number; readonly erlDb: number; readonly tailMs: number } | undefined
  private echoHeardMs = 0

  constructor(
    time: VirtualTime,
    random: SeededRandom,
    figures: Figures,
    ear: { readonly detector: DetectorModel; readonly recognizer: RecognizerModel },
    language: 'en' | 'zh',
  ) {
    this.time = time
    this.random = random
    this.figures = figures
    this.detector = ear.detector
    this.recognizer = ear.recognizer
    this.language = language
  }

  /** The caller speaks from now on. Returns the end. */
  speak(text: string, sound: Sound, isSoft = false): number {
    const words = spokenWords(text, this.figures.speech)
    const onset = sound.kind === 'say' ? 'plain' : isSoft ? 'soft' : 'spoken'
    const endMs = this.voice(words, pointAfter(text, sound.label), onset, true)
    this.note(text, sound, endMs)
    return endMs
  }

  /** A listening noise. Returns its end. */
  backchannel(text: string, sound: Sound): number {
    const words = spokenWords(text, this.figures.speech)
    const isHeard = this.random.next() < this.figures.recognizer.hearsBackchannel
    const endMs = this.voice(words, 'end', 'plain', isHeard)
    this.note(text, sound, endMs)
    return endMs
  }

  noise(noise: NoiseKind, snrDb: number, ms: number, sound: Sound): number {
    const { chance, ms: range, sign } = this.figures.noise[noise]
    const endMs = this.time.nowMs + ms
    this.note('', { ...sound, detail: noise }, endMs)
    if (this.random.next() < chance * loudness(snrDb)) this.fool(Math.min(ms, between(range, this.random)))
    if (this.random.next() < sign.chance * loudness(snrDb)) this.suspect(ms, between(sign.ms, this.random))
    return endMs
  }

  /** A first sign of a voice somewhere in a noise of `ms`. */
  private suspect(ms: number, lengthMs: number): void {
    const afterMs = this.random.next() * ms
    this.detector.suspect(afterMs, this.time.nowMs + Math.min(ms, afterMs + lengthMs))
  }

  otherTalk(text: string, levelDb: number, sound: Sound): number {
    const { chance, hearsWords } = this.figures.otherTalk
    const words = spokenWords(text, this.figures.speech)
    const isNoticed = this.random.next() < chance(levelDb)
    const lengthMs = words.reduce((sum, word) => sum + word.ms, 0)
    const endMs = isNoticed
      ? this.voice(words, 'end', 'soft', this.random.next() < hearsWords)
      : this.time.nowMs + lengthMs
    this.note(text, { ...sound, detail: `${levelDb} dB` }, endMs)
    return endMs
  }

  giveBack(echo: { readonly delayMs: number; readonly erlDb: number; readonly tailMs: number }): void {
    this.echo = echo
    this.note('', { kind: 'echo', label: 'ignore', detail: `${echo.erlDb} dB` }, this.time.nowMs)
  }

  /** The assistant sounds from now until `untilMs`, saying `words`: the line may give some of it back. */
  assistantSounds(untilMs: number, words: () => string): void {
    const { echo } = this
    if (!echo) return
    const { nowMs } = this.time
    // The gate learns the path from what it hears of it; from there on it lets less through.
    const learnedAtMs = Math.min(untilMs, nowMs + Math.max(0, this.figures.echo.learnMs - this.echoHeardMs))
    this.fooledBetween(nowMs, learnedAtMs, false, words)
    this.fooledBetween(learnedAtMs, untilMs, true, words)
    this.echoHeardMs += untilMs - nowMs
  }

  private fooledBetween(fromMs: number, untilMs: number, isLearned: boolean, words: () => string): void {
    const { echo } = this
    const { ratePerSecond, ms, hearsWords, signsPerSecond } = this.figures.echo
    if (!echo) return
    const waitMs = (rate: number) => (-Math.log(1 - this.random.next()) / rate) * 1000
    for (let atMs = fromMs + waitMs(signsPerSecond); atMs < untilMs; atMs += waitMs(signsPerSecond))
      this.time.at(atMs + echo.delayMs, () => this.detector.suspect(0, this.time.nowMs))
    const rate = ratePerSecond(echo.erlDb, isLearned)
    for (let atMs = fromMs + waitMs(rate); atMs < untilMs; atMs += waitMs(rate)) {
      const lengthMs = between(ms, this.random)
      const isWorded = this.random.next() < hearsWords
      this.time.at(atMs + echo.delayMs, () => this.fool(lengthMs + echo.tailMs / 2, isWorded ? words() : null))
    }
  }

  /** The detector takes something for a voice; the recogniser hardly ever does. */
  private fool(lengthMs: number, words?: string | null): void {
    const endMs = this.time.nowMs + lengthMs
    this.detector.sound(endMs)
    const isMistaken = words === undefined ? this.random.next() < hallucinates : words !== null && words !== ''
    if (!isMistaken) return
    const choices = hallucinations[this.language]
    const text = words ?? (choices[this.random.below(choices.length)] as string)
    const fromMs = this.time.nowMs
    for (const word of spokenWords(text, this.figures.speech).slice(-2))
      this.time.at(endMs, () => this.recognizer.hear(word, fromMs, null))
  }

  /** Words one after the other from now on, as stretches of voice between gaps. */
  private voice(words: readonly SpokenWord[], point: Point, onset: Onset, isRecognised: boolean): number {
    const { gap, spread: share } = this.figures.speech
    let atMs = this.time.nowMs
    let stretchFromMs = atMs
    words.forEach((word, index) => {
      const fromMs = atMs
      atMs += spread(word.ms, share, this.random)
      const isLast = index === words.length - 1
      if (isRecognised) this.time.at(atMs, () => this.recognizer.hear(word, fromMs, isLast ? point : null))
      const hasGap = !isLast && this.random.next() < gap.chance
      if (!hasGap && !isLast) return
      this.sound(stretchFromMs, atMs, stretchFromMs === this.time.nowMs ? onset : 'plain')
      if (hasGap) atMs += between(gap.ms, this.random)
      stretchFromMs = atMs
    })
    return atMs
  }

  private sound(fromMs: number, toMs: number, onset: Onset): void {
    if (fromMs <= this.time.nowMs) this.detector.sound(toMs, onset)
    else this.time.at(fromMs, () => this.detector.sound(toMs))
  }

  note(text: string, { kind, label, detail = '' }: Sound, toMs: number): void {
    this.acts.push({ kind, label, fromMs: this.time.nowMs, toMs, text, detail })
  }
}
