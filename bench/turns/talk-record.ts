import type { Act, Label, Scenario } from './scenario/scenario.ts'

/** A stretch of assistant sound on the wire without a gap or a change of level; ms of the talk's clock. */
export interface WireSpan {
  /** Which utterance of the assistant: the reducer's generation, or the response a watermark names. */
  readonly utterance: number
  readonly fromMs: number
  readonly toMs: number
  readonly isDucked: boolean
}

/** What the caller, or the line, did. `fromMs`: onset; `toMs`: last sound. A pause lies between its neighbours' sounds. */
export interface CallerAct {
  readonly kind: Act['kind']
  readonly label: Label | null
  readonly fromMs: number
  readonly toMs: number
  readonly text: string
  /** Kind of a noise, length of a pause, ... */
  readonly detail: string
}

/** What became of one thing the assistant had to say. */
export interface UtteranceRecord {
  readonly utterance: number
  readonly source: 'reply' | 'greeting' | 'filler' | 'apology' | 'silencePrompt' | 'say'
  /** The caller's words it answers; null: none. */
  readonly answers: string | null
  readonly isModelCalled: boolean
  /** When its making began. */
  readonly askedAtMs: number
  /** Model tokens made before the work ended. */
  readonly tokens: number
  readonly totalWords: number
  /** Said twice because it was paused and resumed. */
  readonly repeatedWords: number
  /** Words whose audio was sent, and words the history holds. Null: not on the wire. */
  readonly sentWords: number | null
  readonly rememberedWords: number | null
  /** So many words more may have been sent at most: the network can have lost the last ones. */
  readonly lostLastWords?: number
}

/** One talk as its witnesses saw it; the same from the virtual and from the live layer. */
export interface TalkRecord {
  readonly scenario: Scenario
  readonly acts: readonly CallerAct[]
  readonly wire: readonly WireSpan[]
  readonly utterances: readonly UtteranceRecord[]
  /** Instants at which a reply to the caller was let on the wire. Empty where nobody can see them. */
  readonly endpointsMs: readonly number[]
  readonly endedMs: number
  /** What the scenario could not do as written. */
  readonly problems: readonly string[]
}
