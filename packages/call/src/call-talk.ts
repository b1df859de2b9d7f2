import type { Conversation, RestoredTalk } from '@parley/conversation'
import {
  type AssistantSpec,
  type ChatMessage,
  type ConversationEnd,
  type Generation,
  generation,
  type Logger,
  type MediaEvent,
  type MediaStream,
} from '@parley/core'

export interface CallTalkOptions {
  readonly logger: Logger
  /** Who talks first. */
  readonly assistant: AssistantSpec
  /** Makes the conversation; again, with what was said so far, when it goes on after a pause or with somebody else. */
  converse(assistant: AssistantSpec, restored?: RestoredTalk): Conversation
  /** The conversation of the moment wants something of the call. */
  onEnd(end: ConversationEnd): void
}

/** What the model is told when the assistant goes on. */
const nobodyTookIt =
  'The transfer failed: nobody could take the call. The caller is with you again. Say so, apologise, and offer to help yourself or to take a message.'

/** What the model of an agent is told when it takes over. */
const takenOver =
  'You have just taken this call over from another assistant. What was said before is above. Go on with the caller.'

/** The assistant's part of a call: one conversation after the other, with pauses in which somebody else has the floor. */
export class CallTalk {
  private readonly options: CallTalkOptions
  private conversation: Conversation
  private speaker: AssistantSpec
  private stopped = false
  /** Media and zero of the time line, once the call is answered. */
  private started: { readonly media: MediaStream; readonly atMs: number } | undefined
  /** Last generation of the caller's playout, while no conversation gives any. */
  private lastGeneration = 0
  private closed: Promise<unknown> = Promise.resolve()

  constructor(options: CallTalkOptions) {
    this.options = options
    this.speaker = options.assistant
    this.conversation = this.begin()
  }

  get current(): Conversation {
    return this.conversation
  }

  /** Whose talk it is now. */
  get assistant(): AssistantSpec {
    return this.speaker
  }

  get isStopped(): boolean {
    return this.stopped
  }

  start(media: MediaStream, atMs: number): void {
    this.started = { media, atMs }
    if (!this.stopped) this.conversation.start(media, atMs)
  }

  post(event: MediaEvent): void {
    this.conversation.post(event)
  }

  /** Silence with the next packet; what was said last is in the history. Returns it. */
  pause(): readonly ChatMessage[] {
    this.close()
    this.lastGeneration = this.conversation.progress.generation
    return this.conversation.history
  }

  /** For whoever speaks to the caller in the pause. */
  nextGeneration(): Generation {
    this.lastGeneration += 1
    return generation(this.lastGeneration)
  }

  /** On with the talk: the model speaks first and knows that the transfer failed. */
  resume(): void {
    this.goOn({ note: nobodyTookIt })
  }

  /** On with another assistant, which knows what was said and speaks first: the caller is not left in silence. */
  handOver(to: AssistantSpec): void {
    this.pause()
    this.speaker = to
    this.goOn({ note: takenOver, opening: to.greeting.kind === 'none' ? { kind: 'generate' } : to.greeting })
  }

  private goOn(how: Pick<RestoredTalk, 'note' | 'opening'>): void {
    const { history, progress } = this.conversation
    this.conversation = this.begin({
      messages: history,
      turns: progress.turns,
      generation: this.lastGeneration,
      ...how,
    })
    if (this.started) this.conversation.start(this.started.media, this.started.atMs)
  }

  /** For good. Idempotent. */
  stop(): void {
    this.stopped = true
    this.close()
  }

  /** Resolves when every conversation that was closed has let go of everything. Never rejects. */
  async settled(): Promise<void> {
    await this.closed
  }

  private begin(restored?: RestoredTalk): Conversation {
    const conversation = this.options.converse(this.speaker, restored)
    void conversation.ended.then((end) => {
      if (this.conversation === conversation) this.options.onEnd(end)
    })
    return conversation
  }

  private close(): void {
    const closing = this.conversation[Symbol.asyncDispose]().then(undefined, (error: unknown) =>
      this.options.logger.error('the conversation could not be closed', { error }),
    )
    this.closed = Promise.all([this.closed, closing])
  }
}
