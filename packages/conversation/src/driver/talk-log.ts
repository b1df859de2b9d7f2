import type { CallEventBody, Clock, TurnId, TurnTimings } from '@parley/core'
import { turnId } from '@parley/core'
import type { History } from '../history/history.ts'
import type { Utterance } from '../reply/utterance.ts'
import type { TurnCommand } from '../turn/events.ts'

/** After a cut the media engine tells within this time how much was really sent. */
const lastProgressMs = 150

interface Spoken {
  readonly utterance: Utterance
  turn: TurnId
  startedAtMs: number
  pending: Disposable | undefined
  reported: boolean
}

/** Keeps the history and the reports of who said what true to what was heard. */
export class TalkLog {
  private readonly spoken = new Map<number, Spoken>()
  private readonly history: History
  private readonly clock: Clock
  private readonly report: (body: CallEventBody) => void
  private answeredAtMs = 0

  constructor(history: History, clock: Clock, report: (body: CallEventBody) => void) {
    this.history = history
    this.clock = clock
    this.report = report
  }

  begin(answeredAtMs: number): void {
    this.answeredAtMs = answeredAtMs
  }

  userSaid(command: TurnCommand & { readonly type: 'history.user' }): void {
    const { turn, text, origin } = command
    this.history.addUser(text)
    const span = { fromMs: this.sinceAnswer(command.fromMs), toMs: this.sinceAnswer(command.toMs) }
    this.report({ type: 'user.said', turn, text, ...span, ...(origin === 'ask' && { origin }) })
  }

  add(utterance: Utterance): void {
    const startedAtMs = this.clock.nowMs()
    this.spoken.set(utterance.generation, {
      utterance,
      turn: turnId(0),
      startedAtMs,
      pending: undefined,
      reported: false,
    })
  }

  setTurn(generation: number, turn: TurnId): void {
    const spoken = this.spoken.get(generation)
    if (spoken) spoken.turn = turn
  }

  started(generation: number, atMs: number): void {
    const spoken = this.spoken.get(generation)
    if (spoken) spoken.startedAtMs = atMs
  }

  /** Returns the text heard so far. */
  played(generation: number, samples: number): string {
    const spoken = this.spoken.get(generation)
    if (!spoken) return ''
    const { utterance } = spoken
    utterance.playedSamples = samples
    const heard = utterance.heard()
    if (utterance.remember && !spoken.reported) this.history.setHeard(utterance.generation, heard)
    return heard
  }

  /** Played to its end. Returns the whole text. */
  finished(generation: number, samples: number): string {
    const spoken = this.spoken.get(generation)
    if (spoken) spoken.utterance.played = true
    const heard = this.played(generation, samples)
    this.settle(generation, false)
    return heard
  }

  /** Flushed: reported once the last word about its playout has come. */
  cut(generation: number): void {
    const spoken = this.spoken.get(generation)
    if (!spoken || spoken.pending || spoken.reported) return
    spoken.utterance.cutShort = true
    this.played(generation, spoken.utterance.playedSamples)
    const atMs = this.clock.nowMs()
    spoken.pending = this.clock.setTimer(atMs + lastProgressMs, () => this.settle(generation, true, atMs))
  }

  completed(timings: TurnTimings): void {
    const marks = this.spoken.get(timings.generation)?.utterance.marks
    this.report({ type: 'turn.completed', timings: { ...timings, ...marks } })
  }

  /** The talk is over: nothing more will be heard. */
  close(): void {
    for (const generation of this.spoken.keys()) this.settle(generation, true)
  }

  private settle(generation: number, interrupted: boolean, atMs = this.clock.nowMs()): void {
    const spoken = this.spoken.get(generation)
    if (!spoken || spoken.reported) return
    spoken.pending?.[Symbol.dispose]()
    spoken.reported = true
    const { utterance, turn } = spoken
    const heard = utterance.heard()
    if (!utterance.audible || heard === '') return
    this.report({
      type: 'assistant.said',
      turn,
      heard,
      intended: utterance.spoken.text,
      interrupted,
      fromMs: this.sinceAnswer(spoken.startedAtMs),
      toMs: this.sinceAnswer(atMs),
      source: utterance.source,
      remember: utterance.remember,
    })
  }

  private sinceAnswer(atMs: number): number {
    return Math.max(0, Math.round(atMs - this.answeredAtMs))
  }
}
