import type {
  AssistantSpec,
  CallEventBody,
  CallId,
  ChatMessage,
  Generation,
  LegId,
  Logger,
  MediaEvent,
  MediaStream,
  SkillGroup,
} from '@parley/core'
import { Announcer } from './announcer.ts'
import type { CallHostOptions } from './call-host-options.ts'
import { summariseCall } from './call-summary.ts'
import { HumanLeg } from './human-leg.ts'
import type { HumanEvent, TransferCommand } from './transfer.ts'

/** Commands of a transfer that are about its humans. */
export type HumanCommand = Extract<TransferCommand, { type: `human.${string}` }>

export interface LiveTransferOptions {
  readonly callId: CallId
  /** The caller's. */
  readonly leg: LegId
  readonly assistant: AssistantSpec
  readonly group: SkillGroup
  /** The caller's. */
  readonly media: MediaStream
  /** The talk so far. */
  readonly history: readonly ChatMessage[]
  readonly host: CallHostOptions
  readonly logger: Logger
  /** A generation of the caller's playout. */
  nextGeneration(): Generation
  tell(event: HumanEvent): void
  /** What the journal keeps of the humans' legs. */
  report(body: CallEventBody): void
}

/** One transfer in progress: holds the caller, calls humans, tells them what the call is about, and joins both. */
export class LiveTransfer {
  private readonly options: LiveTransferOptions
  private readonly holding = new AbortController()
  private readonly announcer: Announcer
  private readonly humans = new Map<number, HumanLeg>()
  private readonly summary: Promise<string | undefined>

  constructor(options: LiveTransferOptions) {
    this.options = options
    const { host, assistant, group, media, history, nextGeneration } = options
    const language = assistant.recognition.languages[0] ?? ''
    const synthesizer = host.providers.synthesizer(assistant.voice)
    this.announcer = new Announcer({ synthesizer, playout: media.playout, clock: host.clock, language, nextGeneration })
    void this.announcer.repeat(group.holdPrompt, this.holding.signal)
    // Begun at once: while it rings there is time to think.
    this.summary =
      group.summary && group.mode !== 'refer'
        ? summariseCall(
            host.providers.chatModel(assistant.model),
            history,
            host.random.uuid(),
            host.clock,
            this.holding.signal,
          )
        : Promise.resolve(undefined)
  }

  obey(command: HumanCommand): void {
    const human = this.humans.get(command.attempt)
    switch (command.type) {
      case 'human.dial':
        return this.dial(command)
      case 'human.brief':
        void human?.brief(command.sdp)
        return
      case 'human.join':
        this.holding.abort()
        void human?.join()
        return
      case 'human.refer':
        human?.handTo(this.options.leg)
        return
      case 'human.hangup':
        return human?.hangup()
      default:
        return command satisfies never
    }
  }

  /** What the caller's media tell. */
  heard(event: MediaEvent): void {
    if (event.type === 'playout.finished') this.announcer.finished(event.generation)
  }

  /** A key of the caller that came by signalling. */
  sendKey(key: string): void {
    for (const human of this.humans.values()) human.sendKey(key)
  }

  /** The caller hears no hold prompt any more. */
  stopHolding(): void {
    this.holding.abort()
  }

  /** Hangs up whoever is left; resolves when every leg is gone. Never rejects. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.holding.abort()
    for (const human of this.humans.values()) human.hangup()
    await Promise.all([...this.humans.values()].map((human) => human.closed))
  }

  private dial({ attempt, target }: Extract<HumanCommand, { type: 'human.dial' }>): void {
    const { callId, assistant, media, host, logger, tell, report } = this.options
    const human = new HumanLeg({
      callId,
      attempt,
      target,
      caller: media,
      synthesizer: host.providers.synthesizer(assistant.voice),
      language: assistant.recognition.languages[0] ?? '',
      summary: this.summary,
      host,
      logger,
      tell,
      report,
    })
    this.humans.set(attempt, human)
    void human.closed.then(() => this.humans.delete(attempt))
  }
}
