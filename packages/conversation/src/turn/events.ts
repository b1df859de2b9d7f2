import type {
  AskRequest,
  ConversationEnd,
  ErrorCode,
  Generation,
  SayRequest,
  SpeechSource,
  TalkFault,
  ToolSpec,
  TurnHint,
  TurnId,
  TurnTimings,
} from '@parley/core'

/** Names of the deadlines a state may have. A fired timer only says what time it is; the rules look at the state. */
export type TurnTimer =
  | 'greeting'
  | 'speculate'
  | 'score'
  | 'endpoint'
  | 'sign'
  | 'noise'
  | 'overlap'
  | 'filler'
  | 'stall'
  | 'watchdog'
  | 'silencePrompt'
  | 'silenceLimit'

/**
 * What happened. `atMs`: monotonic clock, when it was told. Events of a generation that is neither in preparation nor
 * on the wire change nothing.
 */
export type TurnEvent = { readonly atMs: number } & (
  | { readonly type: 'answered' }
  /** The call is gone (hung up, disposed). What the user said last is still committed. */
  | { readonly type: 'closed' }
  | { readonly type: 'speech.started'; readonly onsetAtMs: number; readonly mediaMs: number }
  /** A first sign of a voice, which may be none. Again while it lasts. */
  | { readonly type: 'speech.suspected' }
  | { readonly type: 'speech.stopped'; readonly lastVoiceAtMs: number; readonly mediaMs: number }
  | {
      readonly type: 'transcript'
      readonly kind: 'partial' | 'final'
      readonly text: string
      readonly fromMs: number
      readonly toMs: number
    }
  /** The recogniser's own opinion on the end of the turn. */
  | { readonly type: 'transcript.turn'; readonly state: TurnHint['state'] }
  /** An end-of-turn model's answer to `endOfTurn.score`: probability that the turn is over. */
  | { readonly type: 'endOfTurn.scored'; readonly probability: number }
  /** The first text of a reply was handed to synthesis. */
  | { readonly type: 'reply.sentence'; readonly generation: Generation }
  /** The first audio of a reply is here (held, or written if committed). */
  | { readonly type: 'reply.ready'; readonly generation: Generation }
  /** The first audio was written to the playout: the generation is on the wire and owns the floor. */
  | { readonly type: 'reply.audible'; readonly generation: Generation }
  /** A committed reply is complete and there is no sound in it. Follows its `tool.called`. */
  | { readonly type: 'reply.empty'; readonly generation: Generation }
  /** `audible`: some audio was written; it is played to its end and `playout.finished` follows. */
  | {
      readonly type: 'reply.failed'
      readonly generation: Generation
      readonly stage: 'llm' | 'tts'
      readonly code: ErrorCode
      readonly audible: boolean
    }
  /** Only of committed replies. */
  | { readonly type: 'tool.called'; readonly generation: Generation; readonly tool: ToolSpec }
  | { readonly type: 'playout.started'; readonly generation: Generation; readonly firstPacketAtMs: number }
  /** `heard`: text the played samples stand for. */
  | {
      readonly type: 'playout.progress'
      readonly generation: Generation
      readonly playedSamples: number
      readonly heard: string
    }
  | { readonly type: 'playout.finished'; readonly generation: Generation; readonly heard: string }
  /** Answer to `playout.check`: samples handed to the playout that have not left. */
  | { readonly type: 'playout.checked'; readonly generation: Generation; readonly unplayedSamples: number }
  /** What a discarded reply had cost. */
  | { readonly type: 'reply.wasted'; readonly tokens: number }
  | { readonly type: 'hold.started' }
  | { readonly type: 'hold.ended' }
  | { readonly type: 'recognizer.failed'; readonly code: ErrorCode }
  | { readonly type: 'control.say'; readonly request: SayRequest }
  | { readonly type: 'control.ask'; readonly request: AskRequest }
  | { readonly type: 'dtmf'; readonly key: string }
  | { readonly type: 'timer.fired'; readonly timer: TurnTimer }
)

/** What a speculative reply answers. */
export type ReplyPrompt =
  | { readonly kind: 'user'; readonly text: string }
  | { readonly kind: 'ask'; readonly text: string }
  /** The model opens the talk. */
  | { readonly kind: 'greeting' }

/** What to do, in order. Interruption is `playout.flush` (next packet is silence) with `reply.cancel` (stop the work). */
export type TurnCommand =
  /** Prepare a reply. Nothing of it may be heard, remembered or executed before `reply.commit`. */
  | { readonly type: 'reply.speculate'; readonly generation: Generation; readonly prompt: ReplyPrompt }
  /** The generation may go on the wire, what is ready at once. */
  | { readonly type: 'reply.commit'; readonly generation: Generation }
  /** Takes a commit back while nothing is audible. The work goes on. */
  | { readonly type: 'reply.hold'; readonly generation: Generation }
  /** Throw the unheard reply away. */
  | { readonly type: 'reply.discard'; readonly generation: Generation }
  /** Stop the work of a reply that was (partly) heard. */
  | { readonly type: 'reply.cancel'; readonly generation: Generation }
  /** Say a fixed text now. */
  | {
      readonly type: 'say'
      readonly generation: Generation
      readonly source: SpeechSource
      readonly text: string
      /** Played instead of the text. */
      readonly audio?: Int16Array
      readonly remember: boolean
    }
  | { readonly type: 'playout.flush'; readonly generation: Generation }
  | { readonly type: 'playout.duck'; readonly gainDb: number }
  /** The next packet is silence; the work goes on and the place is kept. */
  | { readonly type: 'playout.pause'; readonly generation: Generation }
  /** Goes on from the beginning of the word it was paused in, at full level. */
  | { readonly type: 'playout.resume'; readonly generation: Generation }
  /** Tell what is still to be played (`playout.checked`). */
  | { readonly type: 'playout.check'; readonly generation: Generation }
  /** Ask the end-of-turn model about the pause as it stands. */
  | { readonly type: 'endOfTurn.score' }
  /** Recognition is deaf: open it anew. */
  | { readonly type: 'recognizer.restart' }
  | { readonly type: 'talk.repaired'; readonly fault: TalkFault }
  /** The history gains what the user said. `fromMs`/`toMs`: monotonic clock. */
  | {
      readonly type: 'history.user'
      readonly turn: TurnId
      readonly text: string
      readonly fromMs: number
      readonly toMs: number
      readonly origin: 'speech' | 'ask'
    }
  /** The generation is over; the instants known to the reducer. */
  | { readonly type: 'turn.complete'; readonly timings: TurnTimings }
  | { readonly type: 'provider.failed'; readonly stage: 'asr' | 'llm' | 'tts'; readonly code: ErrorCode }
  | { readonly type: 'timer.set'; readonly timer: TurnTimer; readonly atMs: number }
  | { readonly type: 'timer.clear'; readonly timer: TurnTimer }
  /** Once, and nothing follows it but timer.clear. */
  | { readonly type: 'call.end'; readonly end: ConversationEnd }
