import type {
  AskRequest,
  AssistantSpec,
  CallEventBody,
  CallId,
  ChatMessage,
  ChatModel,
  Clock,
  ConversationEnd,
  EndOfTurnModel,
  Logger,
  MediaEvent,
  MediaStream,
  Random,
  SayRequest,
  SpeechRecognizer,
  SpeechSynthesizer,
} from '@parley/core'
import type { RestoredTalk } from '../history/restore-history.ts'
import { ConversationDriver } from './conversation-driver.ts'

export interface ConversationOptions {
  readonly callId: CallId
  readonly spec: AssistantSpec
  readonly providers: {
    readonly recognizer: SpeechRecognizer
    readonly chatModel: ChatModel
    readonly synthesizer: SpeechSynthesizer
    readonly endOfTurnModel?: EndOfTurnModel | undefined
  }
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** A call that is taken over: it goes on where it was, without a greeting. An unanswered question is answered. */
  readonly restored?: RestoredTalk
  /**
   * `user.said`, `assistant.said`, `turn.completed`, `provider.failed`. Called in order, also (for what was cut short)
   * shortly after `ended` and during disposal. Must not throw.
   */
  report(body: CallEventBody): void
  /**
   * What the caller says, partial results included, as it is recognised. `spoken`: when, by the monotonic clock. Must not
   * throw.
   */
  onUserWords?(text: string, spoken: { readonly fromMs: number; readonly toMs: number }): void
}

/** The talk of one call. Everything is decided by the turn reducer; this is its door. */
export interface Conversation extends AsyncDisposable {
  /** While ringing: opens provider connections, renders a text greeting to PCM. Idempotent. */
  prewarm(): void
  /**
   * At answer; at most once. Reads `media.uplink` (single reader) and writes `media.playout` until ended or disposed.
   * `answeredAtMs`: monotonic clock; zero of the reports' time line.
   */
  start(media: Pick<MediaStream, 'uplink' | 'playout'>, answeredAtMs: number): void
  /** Events of the media stream, forwarded by its single reader, in order. */
  post(event: MediaEvent): void
  say(request: SayRequest): void
  ask(request: AskRequest): void
  /** Resolves once, when the talk wants the call ended. Stays pending when the call ends otherwise. */
  readonly ended: Promise<ConversationEnd>
  /** What both sides heard. */
  readonly history: readonly ChatMessage[]
  /** Turns closed and generations given out so far: where another talk of this call goes on. */
  readonly progress: { readonly turns: number; readonly generation: number }
}

export function createConversation(options: ConversationOptions): Conversation {
  return new ConversationDriver(options)
}
